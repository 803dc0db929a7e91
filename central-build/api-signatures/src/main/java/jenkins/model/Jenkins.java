package jenkins.model;

import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.model.Item;
import hudson.model.ItemGroup;
import hudson.model.ModelObject;
import hudson.model.Computer;
import hudson.model.Node;
import hudson.model.Saveable;
import hudson.model.TaskListener;
import hudson.model.TopLevelItem;
import hudson.security.AccessControlled;
import hudson.security.Permission;
import java.io.File;
import java.util.Collection;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.Authentication;

public class Jenkins extends Node implements AccessControlled, ItemGroup<TopLevelItem>, ModelObject, Saveable {
    private Jenkins() {}

    public static final Permission ADMINISTER = null;
    public static final Permission READ = null;

    public static Jenkins get() throws IllegalStateException {
        throw new AssertionError();
    }

    public static Jenkins getInstanceOrNull() {
        throw new AssertionError();
    }

    public Descriptor getDescriptorOrDie(Class<? extends Describable> a) {
        throw new AssertionError();
    }

    public File getRootDir() {
        throw new AssertionError();
    }

    public String getRootUrl() throws IllegalStateException {
        throw new AssertionError();
    }

    public static Authentication getAuthentication2() {
        throw new AssertionError();
    }

    public <T extends Item> T getItemByFullName(String a, Class<T> b) throws AccessDeniedException {
        throw new AssertionError();
    }

    @Override
    public String getFullName() {
        throw new AssertionError();
    }

    @Override
    public Collection<TopLevelItem> getItems() {
        throw new AssertionError();
    }

    public Computer getComputer(String a) {
        throw new AssertionError();
    }

    public Node getNode(String a) {
        throw new AssertionError();
    }

    @Override
    public String getDisplayName() {
        throw new AssertionError();
    }

    @Override
    public String getNodeName() {
        throw new AssertionError();
    }

    @Override
    public Launcher createLauncher(TaskListener a) {
        throw new AssertionError();
    }

    @Override
    public FilePath getRootPath() {
        throw new AssertionError();
    }

    public Item getItemByFullName(String a) {
        throw new AssertionError();
    }
}

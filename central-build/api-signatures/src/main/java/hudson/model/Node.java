package hudson.model;

import hudson.FilePath;
import hudson.Launcher;
import hudson.slaves.NodeProperty;
import hudson.security.AccessControlled;

public abstract class Node implements AccessControlled, Describable<Node>, Saveable, ModelObject {
    public abstract String getNodeName();

    public abstract FilePath getRootPath();

    public abstract Launcher createLauncher(TaskListener a);

    @SuppressWarnings("rawtypes")
    public <T extends NodeProperty> T getNodeProperty(Class<T> a) {
        throw new AssertionError();
    }

    public FilePath createPath(String a) {
        throw new AssertionError();
    }
}

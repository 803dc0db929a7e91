package hudson.model;

import jenkins.model.GlobalConfigurationCategory;
import net.sf.json.JSONObject;
import org.kohsuke.stapler.StaplerRequest2;

public abstract class Descriptor<T extends Describable<T>> implements Saveable {
    protected Descriptor() {}

    public String getDisplayName() {
        throw new AssertionError();
    }

    public boolean configure(StaplerRequest2 a, JSONObject b) throws Descriptor.FormException {
        throw new AssertionError();
    }

    public GlobalConfigurationCategory getCategory() {
        throw new AssertionError();
    }

    public T newInstance(StaplerRequest2 a, JSONObject b) throws Descriptor.FormException {
        throw new AssertionError();
    }

    public void save() {
        throw new AssertionError();
    }

    public static final class FormException extends Exception {
        public FormException(String a, Throwable b, String c) {}

        public FormException(Throwable a, String b) {}
    }
}

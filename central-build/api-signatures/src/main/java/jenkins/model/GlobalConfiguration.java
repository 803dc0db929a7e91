package jenkins.model;

import hudson.model.Describable;
import hudson.model.Descriptor;
import net.sf.json.JSONObject;
import org.kohsuke.stapler.StaplerRequest2;

public abstract class GlobalConfiguration extends Descriptor<GlobalConfiguration> implements Describable<GlobalConfiguration> {
    protected GlobalConfiguration() {}

    public boolean configure(StaplerRequest2 a, JSONObject b) throws Descriptor.FormException {
        throw new AssertionError();
    }
}

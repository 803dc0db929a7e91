package io.jenkins.plugins.hardenrunner.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.PersistentDescriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.engine.baseline.BaselineSettings;
import jenkins.model.GlobalConfiguration;
import jenkins.model.GlobalConfigurationCategory;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** How jobs learn what is normal. In configuration as code: {@code security: hardenRunnerBaseline: …}. */
@Extension
@Symbol("hardenRunnerBaseline")
public final class BaselineConfiguration extends GlobalConfiguration implements PersistentDescriptor {
    private int requiredBuilds = BaselineSettings.DEFAULTS.required();
    private int unstableBuilds = BaselineSettings.DEFAULTS.unstableBuilds();

    @NonNull
    public static BaselineConfiguration get() {
        return ExtensionList.lookupSingleton(BaselineConfiguration.class);
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.BaselineConfiguration_displayName();
    }

    @NonNull
    @Override
    public GlobalConfigurationCategory getCategory() {
        return GlobalConfigurationCategory.get(GlobalConfigurationCategory.Security.class);
    }

    /** The numbers for the engine. */
    @NonNull
    public synchronized BaselineSettings settings() {
        return new BaselineSettings(requiredBuilds, unstableBuilds);
    }

    /** How many builds teach a baseline before it is complete. */
    public synchronized int getRequiredBuilds() {
        return requiredBuilds;
    }

    @DataBoundSetter
    public synchronized void setRequiredBuilds(int requiredBuilds) {
        this.requiredBuilds = new BaselineSettings(requiredBuilds, unstableBuilds).required();
        save();
    }

    /** For how many builds a baseline counts as unstable after a review. */
    public synchronized int getUnstableBuilds() {
        return unstableBuilds;
    }

    @DataBoundSetter
    public synchronized void setUnstableBuilds(int unstableBuilds) {
        this.unstableBuilds = new BaselineSettings(requiredBuilds, unstableBuilds).unstableBuilds();
        save();
    }

    @POST
    public FormValidation doCheckRequiredBuilds(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return value.matches("[1-9][0-9]{0,3}") ? FormValidation.ok() : FormValidation.error(Messages.BaselineConfiguration_number(1));
    }

    @POST
    public FormValidation doCheckUnstableBuilds(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return value.matches("0|[1-9][0-9]{0,3}") ? FormValidation.ok() : FormValidation.error(Messages.BaselineConfiguration_number(0));
    }
}

package io.jenkins.plugins.hardenrunner.seal;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.PersistentDescriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.hardenrunner.Messages;
import jenkins.model.GlobalConfiguration;
import jenkins.model.GlobalConfigurationCategory;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** How long evidence is kept. In configuration as code: {@code security: hardenRunnerEvidence: …}. */
@Extension
@Symbol("hardenRunnerEvidence")
public final class EvidenceConfiguration extends GlobalConfiguration implements PersistentDescriptor {
    private static final int MOST_DAYS = 36_500;

    private int eventDays = 90;

    @NonNull
    public static EvidenceConfiguration get() {
        return ExtensionList.lookupSingleton(EvidenceConfiguration.class);
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.EvidenceConfiguration_displayName();
    }

    @NonNull
    @Override
    public GlobalConfigurationCategory getCategory() {
        return GlobalConfigurationCategory.get(GlobalConfigurationCategory.Security.class);
    }

    /** For how many days the events of a build are kept; 0 for as long as the build. Report and seal stay in any case. */
    public synchronized int getEventDays() {
        return eventDays;
    }

    @DataBoundSetter
    public synchronized void setEventDays(int eventDays) {
        if (eventDays < 0 || eventDays > MOST_DAYS) {
            throw new IllegalArgumentException(Messages.EvidenceConfiguration_days(eventDays));
        }
        this.eventDays = eventDays;
        save();
    }

    @POST
    public FormValidation doCheckEventDays(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        boolean fits = value.matches("[0-9]{1,5}") && Integer.parseInt(value) <= MOST_DAYS;
        return fits ? FormValidation.ok() : FormValidation.error(Messages.EvidenceConfiguration_days(value));
    }
}

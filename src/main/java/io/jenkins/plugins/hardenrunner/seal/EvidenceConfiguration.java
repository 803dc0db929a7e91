package io.jenkins.plugins.hardenrunner.seal;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.PersistentDescriptor;
import hudson.util.FormValidation;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.Redaction;
import java.util.List;
import java.util.function.Supplier;
import jenkins.model.GlobalConfiguration;
import jenkins.model.GlobalConfigurationCategory;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** How long evidence is kept, and what must not stand in it. In configuration as code: {@code security: hardenRunnerEvidence: …}. */
@Extension
@Symbol("hardenRunnerEvidence")
public final class EvidenceConfiguration extends GlobalConfiguration implements PersistentDescriptor {
    private static final int MOST_DAYS = 36_500;

    private int eventDays = 90;
    private boolean attestations;
    private String redactedVariables = lines(Redaction.DEFAULT.variables());
    private String redactedPatterns = lines(Redaction.DEFAULT.patterns());
    private String redactedOptions = lines(Redaction.DEFAULT.options());

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

    /** Whether the end of a build signs in-toto statements about its archived artifacts. */
    public synchronized boolean isAttestations() {
        return attestations;
    }

    @DataBoundSetter
    public synchronized void setAttestations(boolean attestations) {
        this.attestations = attestations;
        save();
    }

    private static String lines(List<String> entries) {
        return String.join("\n", entries);
    }

    private static List<String> entries(String lines) {
        return lines == null ? List.of() : lines.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    /** By what secrets are known in records, besides those that Jenkins masks itself. */
    @NonNull
    public synchronized Redaction redaction() {
        return new Redaction(entries(redactedVariables), entries(redactedPatterns), entries(redactedOptions));
    }

    /** Names of environment variables whose values are hidden, one a line; {@code *} stands for any characters. */
    @NonNull
    public synchronized String getRedactedVariables() {
        return redactedVariables;
    }

    @DataBoundSetter
    public synchronized void setRedactedVariables(String lines) {
        redactedVariables = lines(new Redaction(entries(lines), List.of(), List.of()).variables());
        save();
    }

    /** Text that looks like a secret, one pattern a line (docs/policy-file.md). */
    @NonNull
    public synchronized String getRedactedPatterns() {
        return redactedPatterns;
    }

    @DataBoundSetter
    public synchronized void setRedactedPatterns(String lines) {
        redactedPatterns = lines(new Redaction(List.of(), entries(lines), List.of()).patterns());
        save();
    }

    /** Options of commands whose value is hidden, one a line. */
    @NonNull
    public synchronized String getRedactedOptions() {
        return redactedOptions;
    }

    @DataBoundSetter
    public synchronized void setRedactedOptions(String lines) {
        redactedOptions = lines(new Redaction(List.of(), List.of(), entries(lines)).options());
        save();
    }

    @POST
    public FormValidation doCheckRedactedVariables(@QueryParameter String value) {
        return check(() -> new Redaction(entries(value), List.of(), List.of()));
    }

    @POST
    public FormValidation doCheckRedactedPatterns(@QueryParameter String value) {
        return check(() -> new Redaction(List.of(), entries(value), List.of()));
    }

    @POST
    public FormValidation doCheckRedactedOptions(@QueryParameter String value) {
        return check(() -> new Redaction(List.of(), List.of(), entries(value)));
    }

    private static FormValidation check(Supplier<Redaction> parsed) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        try {
            parsed.get();
            return FormValidation.ok();
        } catch (PolicyException e) {
            return FormValidation.error(e.getMessage());
        }
    }

    @POST
    public FormValidation doCheckEventDays(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        boolean fits = value.matches("[0-9]{1,5}") && Integer.parseInt(value) <= MOST_DAYS;
        return fits ? FormValidation.ok() : FormValidation.error(Messages.EvidenceConfiguration_days(value));
    }
}

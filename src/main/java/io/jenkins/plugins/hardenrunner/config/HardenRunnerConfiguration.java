package io.jenkins.plugins.hardenrunner.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.BulkChange;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.PersistentDescriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.engine.policy.EndpointLines;
import io.jenkins.plugins.hardenrunner.collect.LayerSpec;
import io.jenkins.plugins.hardenrunner.engine.policy.EgressPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.Endpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.FilePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.LoopbackPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.Origin;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import jenkins.model.GlobalConfiguration;
import jenkins.model.GlobalConfigurationCategory;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/**
 * What holds for every block: defaults that a step may change, a minimum that it cannot weaken, and lists that are
 * added to its own. In configuration as code: {@code security: hardenRunner: …}.
 */
@Extension
@Symbol("hardenRunner")
public final class HardenRunnerConfiguration extends GlobalConfiguration implements PersistentDescriptor {
    private String egressPolicy = EgressPolicy.AUDIT.token();
    private String minimumEgressPolicy = EgressPolicy.AUDIT.token();
    private String filePolicy = FilePolicy.AUDIT.token();
    private String loopback = LoopbackPolicy.ALLOW.token();
    private String allowedEndpoints;
    private String blockedEndpoints;

    @NonNull
    public static HardenRunnerConfiguration get() {
        return ExtensionList.lookupSingleton(HardenRunnerConfiguration.class);
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.HardenRunnerConfiguration_displayName();
    }

    @NonNull
    @Override
    public GlobalConfigurationCategory getCategory() {
        return GlobalConfigurationCategory.get(GlobalConfigurationCategory.Security.class);
    }

    /** Checks first, so that the form shows what is wrong instead of an error page, and saves once. */
    @Override
    public boolean configure(StaplerRequest2 req, JSONObject json) throws FormException {
        check(json, "allowedEndpoints", Endpoint::parseList);
        check(json, "blockedEndpoints", EndpointLines::blocked);
        try (BulkChange change = new BulkChange(this)) {
            boolean done = super.configure(req, json);
            change.commit();
            return done;
        } catch (IOException e) {
            throw new FormException(e, "");
        }
    }

    private static void check(JSONObject json, String field, Consumer<String> parser) throws FormException {
        try {
            String text = PolicyForms.blankToNull(json.optString(field));
            if (text != null) {
                parser.accept(text);
            }
        } catch (PolicyException e) {
            throw new FormException(e.getMessage(), e, field);
        }
    }

    /** The layers that stand behind every step's own, nearest first. */
    @NonNull
    public synchronized List<LayerSpec> layers() {
        LayerSpec defaults = new LayerSpec(new Origin(Origin.Kind.GLOBAL, ""));
        defaults.egressPolicy = egressPolicy;
        defaults.filePolicy = filePolicy;
        defaults.loopback = loopback;
        defaults.allowed = allowedEndpoints;
        defaults.blocked = blockedEndpoints;
        LayerSpec minimum = new LayerSpec(new Origin(Origin.Kind.GLOBAL, "minimum"));
        minimum.egressPolicy = minimumEgressPolicy;
        minimum.floor = true;
        return List.of(defaults, minimum);
    }

    @NonNull
    public synchronized String getEgressPolicy() {
        return egressPolicy;
    }

    @DataBoundSetter
    public synchronized void setEgressPolicy(@NonNull String egressPolicy) {
        this.egressPolicy = EgressPolicy.parse(egressPolicy).token();
        save();
    }

    @NonNull
    public synchronized String getMinimumEgressPolicy() {
        return minimumEgressPolicy;
    }

    @DataBoundSetter
    public synchronized void setMinimumEgressPolicy(@NonNull String minimumEgressPolicy) {
        this.minimumEgressPolicy = EgressPolicy.parse(minimumEgressPolicy).token();
        save();
    }

    @NonNull
    public synchronized String getFilePolicy() {
        return filePolicy;
    }

    @DataBoundSetter
    public synchronized void setFilePolicy(@NonNull String filePolicy) {
        this.filePolicy = FilePolicy.parse(filePolicy).token();
        save();
    }

    @NonNull
    public synchronized String getLoopback() {
        return loopback;
    }

    @DataBoundSetter
    public synchronized void setLoopback(@NonNull String loopback) {
        this.loopback = LoopbackPolicy.parse(loopback).token();
        save();
    }

    @CheckForNull
    public synchronized String getAllowedEndpoints() {
        return allowedEndpoints;
    }

    /** Throws PolicyException, as the form's check does, rather than store what later would fail every build. */
    @DataBoundSetter
    public synchronized void setAllowedEndpoints(@CheckForNull String allowedEndpoints) {
        String text = PolicyForms.blankToNull(allowedEndpoints);
        if (text != null) {
            Endpoint.parseList(text);
        }
        this.allowedEndpoints = text;
        save();
    }

    @CheckForNull
    public synchronized String getBlockedEndpoints() {
        return blockedEndpoints;
    }

    /** As {@link #setAllowedEndpoints}. */
    @DataBoundSetter
    public synchronized void setBlockedEndpoints(@CheckForNull String blockedEndpoints) {
        String text = PolicyForms.blankToNull(blockedEndpoints);
        if (text != null) {
            EndpointLines.blocked(text);
        }
        this.blockedEndpoints = text;
        save();
    }

    @POST
    public FormValidation doCheckAllowedEndpoints(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return PolicyForms.check(value, Endpoint::parseList);
    }

    @POST
    public FormValidation doCheckBlockedEndpoints(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return PolicyForms.check(value, EndpointLines::blocked);
    }

    @POST
    public ListBoxModel doFillEgressPolicyItems() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return PolicyForms.required(EgressPolicy.values());
    }

    @POST
    public ListBoxModel doFillMinimumEgressPolicyItems() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return PolicyForms.required(EgressPolicy.values());
    }

    @POST
    public ListBoxModel doFillFilePolicyItems() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return PolicyForms.required(FilePolicy.values());
    }

    @POST
    public ListBoxModel doFillLoopbackItems() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return PolicyForms.required(LoopbackPolicy.values());
    }
}

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
import io.jenkins.plugins.hardenrunner.engine.policy.CredentialPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.EgressPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.EndpointLines;
import io.jenkins.plugins.hardenrunner.engine.policy.FilePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.InboundPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.LoopbackPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.MetadataPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.NamedPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyScope;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyStack;
import io.jenkins.plugins.hardenrunner.engine.policy.SniPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.Token;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
 * What holds for every block: defaults, minimums that nobody can weaken, a limit to what jobs may allow themselves, named
 * policies, and lists that are added to every block's own. In configuration as code: {@code security: hardenRunner: …}.
 */
@Extension
@Symbol("hardenRunner")
public final class HardenRunnerConfiguration extends GlobalConfiguration implements PersistentDescriptor {
    private static final int MOST_EVENTS = 100_000_000;
    private static final int MOST_MEGABYTES = 1024;

    private PlaceSettings settings = defaults();
    private List<BlockListFeed> feeds = new ArrayList<>();
    private boolean baselineAllows = true;
    private Integer limitEvents;
    private Integer limitMegabytes;

    // Of the first version, before there were named policies: read, and no longer written.
    private transient String egressPolicy;
    private transient String minimumEgressPolicy;
    private transient String filePolicy;
    private transient String loopback;
    private transient String allowedEndpoints;
    private transient String blockedEndpoints;

    /** A minimum that an upgrade drops would be a silent downgrade. */
    private synchronized Object readResolve() {
        settings.egressPolicy = Objects.requireNonNullElse(egressPolicy, settings.egressPolicy);
        settings.minimumEgressPolicy = Objects.requireNonNullElse(minimumEgressPolicy, settings.minimumEgressPolicy);
        settings.filePolicy = Objects.requireNonNullElse(filePolicy, settings.filePolicy);
        settings.loopback = Objects.requireNonNullElse(loopback, settings.loopback);
        settings.allowedEndpoints = allowedEndpoints == null ? settings.allowedEndpoints : allowedEndpoints;
        settings.blockedEndpoints = blockedEndpoints == null ? settings.blockedEndpoints : blockedEndpoints;
        // Settings that came later are not in what an older version stored.
        PlaceSettings defaults = defaults();
        settings.inbound = Objects.requireNonNullElse(settings.inbound, defaults.inbound);
        settings.sni = Objects.requireNonNullElse(settings.sni, defaults.sni);
        settings.minimumInbound = Objects.requireNonNullElse(settings.minimumInbound, defaults.minimumInbound);
        settings.minimumSni = Objects.requireNonNullElse(settings.minimumSni, defaults.minimumSni);
        settings.minimumMetadata = Objects.requireNonNullElse(settings.minimumMetadata, defaults.minimumMetadata);
        return this;
    }

    private static PlaceSettings defaults() {
        PlaceSettings defaults = new PlaceSettings();
        defaults.egressPolicy = EgressPolicy.AUDIT.token();
        defaults.filePolicy = FilePolicy.AUDIT.token();
        defaults.credentialPolicy = CredentialPolicy.OFF.token();
        defaults.loopback = LoopbackPolicy.ALLOW.token();
        defaults.inbound = InboundPolicy.ALLOW.token();
        defaults.sni = SniPolicy.CHECK.token();
        defaults.metadata = MetadataPolicy.DENY.token();
        defaults.minimumEgressPolicy = EgressPolicy.AUDIT.token();
        defaults.minimumFilePolicy = FilePolicy.OFF.token();
        defaults.minimumCredentialPolicy = CredentialPolicy.OFF.token();
        defaults.minimumLoopback = LoopbackPolicy.ALLOW.token();
        defaults.minimumInbound = InboundPolicy.ALLOW.token();
        defaults.minimumSni = SniPolicy.OFF.token();
        defaults.minimumMetadata = MetadataPolicy.ALLOW.token();
        return defaults;
    }

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

    /**
     * Takes the form as a whole or not at all: what does not fit together is not stored, not even in memory, where the
     * next block would use it.
     */
    @Override
    public synchronized boolean configure(StaplerRequest2 req, JSONObject json) throws FormException {
        PlaceSettings settingsBefore = settings.copy();
        List<BlockListFeed> feedsBefore = feeds;
        boolean allowsBefore = baselineAllows;
        Integer eventsBefore = limitEvents;
        Integer megabytesBefore = limitMegabytes;
        boolean done = false;
        try (BulkChange change = new BulkChange(this)) {
            // A form without entries has no list, and binding would leave the last one standing.
            settings.policies = new ArrayList<>();
            feeds = new ArrayList<>();
            settings.limited = false;
            limitEvents = null;
            limitMegabytes = null;
            super.configure(req, json);
            new PolicyStack(List.of(scope())).check();
            BlockListFeed.check(feeds);
            change.commit();
            done = true;
        } catch (IOException e) {
            throw new FormException(e, "");
        } catch (RuntimeException e) {
            PolicyException wrong = PolicyForms.causeOf(e);
            if (wrong == null) {
                throw e;
            }
            throw new FormException(wrong.getMessage(), wrong, "");
        } finally {
            if (!done) {
                settings = settingsBefore;
                feeds = feedsBefore;
                baselineAllows = allowsBefore;
                limitEvents = eventsBefore;
                limitMegabytes = megabytesBefore;
            }
        }
        BlockListFeeds.refreshSoon();
        return true;
    }

    /**
     * The global configuration as a place of the engine.
     *
     * @throws PolicyException if it holds something that cannot be used
     */
    @NonNull
    synchronized PolicyScope scope() {
        return settings.scope(null);
    }

    @NonNull
    public synchronized String getEgressPolicy() {
        return settings.egressPolicy;
    }

    @DataBoundSetter
    public synchronized void setEgressPolicy(@NonNull String egressPolicy) {
        settings.egressPolicy = EgressPolicy.parse(egressPolicy).token();
        save();
    }

    @NonNull
    public synchronized String getFilePolicy() {
        return settings.filePolicy;
    }

    @DataBoundSetter
    public synchronized void setFilePolicy(@NonNull String filePolicy) {
        settings.filePolicy = FilePolicy.parse(filePolicy).token();
        save();
    }

    @NonNull
    public synchronized String getCredentialPolicy() {
        return settings.credentialPolicy;
    }

    @DataBoundSetter
    public synchronized void setCredentialPolicy(@NonNull String credentialPolicy) {
        settings.credentialPolicy = CredentialPolicy.parse(credentialPolicy).token();
        save();
    }

    @NonNull
    public synchronized String getLoopback() {
        return settings.loopback;
    }

    @DataBoundSetter
    public synchronized void setLoopback(@NonNull String loopback) {
        settings.loopback = LoopbackPolicy.parse(loopback).token();
        save();
    }

    @NonNull
    public synchronized String getInbound() {
        return settings.inbound;
    }

    @DataBoundSetter
    public synchronized void setInbound(@NonNull String inbound) {
        settings.inbound = InboundPolicy.parse(inbound).token();
        save();
    }

    @NonNull
    public synchronized String getSni() {
        return settings.sni;
    }

    @DataBoundSetter
    public synchronized void setSni(@NonNull String sni) {
        settings.sni = SniPolicy.parse(sni).token();
        save();
    }

    @NonNull
    public synchronized String getMetadata() {
        return settings.metadata;
    }

    @DataBoundSetter
    public synchronized void setMetadata(@NonNull String metadata) {
        settings.metadata = MetadataPolicy.parse(metadata).token();
        save();
    }

    @NonNull
    public synchronized String getMinimumEgressPolicy() {
        return settings.minimumEgressPolicy;
    }

    @DataBoundSetter
    public synchronized void setMinimumEgressPolicy(@NonNull String minimumEgressPolicy) {
        settings.minimumEgressPolicy = EgressPolicy.parse(minimumEgressPolicy).token();
        save();
    }

    @NonNull
    public synchronized String getMinimumFilePolicy() {
        return settings.minimumFilePolicy;
    }

    @DataBoundSetter
    public synchronized void setMinimumFilePolicy(@NonNull String minimumFilePolicy) {
        settings.minimumFilePolicy = FilePolicy.parse(minimumFilePolicy).token();
        save();
    }

    @NonNull
    public synchronized String getMinimumCredentialPolicy() {
        return settings.minimumCredentialPolicy;
    }

    @DataBoundSetter
    public synchronized void setMinimumCredentialPolicy(@NonNull String minimumCredentialPolicy) {
        settings.minimumCredentialPolicy = CredentialPolicy.parse(minimumCredentialPolicy).token();
        save();
    }

    @NonNull
    public synchronized String getMinimumLoopback() {
        return settings.minimumLoopback;
    }

    @DataBoundSetter
    public synchronized void setMinimumLoopback(@NonNull String minimumLoopback) {
        settings.minimumLoopback = LoopbackPolicy.parse(minimumLoopback).token();
        save();
    }

    @NonNull
    public synchronized String getMinimumInbound() {
        return settings.minimumInbound;
    }

    @DataBoundSetter
    public synchronized void setMinimumInbound(@NonNull String minimumInbound) {
        settings.minimumInbound = InboundPolicy.parse(minimumInbound).token();
        save();
    }

    @NonNull
    public synchronized String getMinimumSni() {
        return settings.minimumSni;
    }

    @DataBoundSetter
    public synchronized void setMinimumSni(@NonNull String minimumSni) {
        settings.minimumSni = SniPolicy.parse(minimumSni).token();
        save();
    }

    @NonNull
    public synchronized String getMinimumMetadata() {
        return settings.minimumMetadata;
    }

    @DataBoundSetter
    public synchronized void setMinimumMetadata(@NonNull String minimumMetadata) {
        settings.minimumMetadata = MetadataPolicy.parse(minimumMetadata).token();
        save();
    }

    @CheckForNull
    public synchronized String getDefaultPolicy() {
        return settings.defaultPolicy;
    }

    @DataBoundSetter
    public synchronized void setDefaultPolicy(@CheckForNull String defaultPolicy) {
        settings.defaultPolicy = PolicyForms.parsed(defaultPolicy, NamedPolicy::checkName);
        save();
    }

    @CheckForNull
    public synchronized String getAllowedEndpoints() {
        return settings.allowedEndpoints;
    }

    @DataBoundSetter
    public synchronized void setAllowedEndpoints(@CheckForNull String allowedEndpoints) {
        settings.allowedEndpoints = PolicyForms.parsed(allowedEndpoints, EndpointLines::allowed);
        save();
    }

    @CheckForNull
    public synchronized String getBlockedEndpoints() {
        return settings.blockedEndpoints;
    }

    @DataBoundSetter
    public synchronized void setBlockedEndpoints(@CheckForNull String blockedEndpoints) {
        settings.blockedEndpoints = PolicyForms.parsed(blockedEndpoints, EndpointLines::blocked);
        save();
    }

    @CheckForNull
    public synchronized String getCeilingEndpoints() {
        return settings.ceilingEndpoints;
    }

    @DataBoundSetter
    public synchronized void setCeilingEndpoints(@CheckForNull String ceilingEndpoints) {
        settings.ceilingEndpoints = PolicyForms.parsed(ceilingEndpoints, EndpointLines::allowed);
        save();
    }

    public synchronized boolean isLimited() {
        return settings.limited;
    }

    /** Whether there is a ceiling. */
    @DataBoundSetter
    public synchronized void setLimited(boolean limited) {
        settings.limited = limited;
        save();
    }

    @NonNull
    public synchronized List<PolicyDefinition> getPolicies() {
        return new ArrayList<>(settings.policies);
    }

    /** Throws PolicyException, as the form does, rather than store what later would fail every build. */
    @DataBoundSetter
    public synchronized void setPolicies(@CheckForNull List<PolicyDefinition> policies) {
        PlaceSettings changed = settings.copy();
        changed.policies = policies == null ? new ArrayList<>() : new ArrayList<>(policies);
        changed.scope(null);
        settings = changed;
        save();
    }

    @NonNull
    public synchronized List<BlockListFeed> getFeeds() {
        return new ArrayList<>(feeds);
    }

    /** As {@link #setPolicies}. */
    @DataBoundSetter
    public synchronized void setFeeds(@CheckForNull List<BlockListFeed> feeds) {
        List<BlockListFeed> changed = feeds == null ? new ArrayList<>() : new ArrayList<>(feeds);
        BlockListFeed.check(changed);
        this.feeds = changed;
        save();
    }

    public synchronized boolean isBaselineAllows() {
        return baselineAllows;
    }

    /** Whether what people have accepted into a job's baseline is allowed in block, within the ceiling. */
    @DataBoundSetter
    public synchronized void setBaselineAllows(boolean baselineAllows) {
        this.baselineAllows = baselineAllows;
        save();
    }

    @CheckForNull
    public synchronized Integer getLimitEvents() {
        return limitEvents;
    }

    /** Cap of recorded events of one launch, 1 to 100000000; null for the helper's own. */
    @DataBoundSetter
    public synchronized void setLimitEvents(@CheckForNull Integer limitEvents) {
        this.limitEvents = PolicyForms.between("limitEvents", limitEvents, 1, MOST_EVENTS);
        save();
    }

    @CheckForNull
    public synchronized Integer getLimitMegabytes() {
        return limitMegabytes;
    }

    /** Cap of the event file of one launch in MiB, 1 to 1024; null for the helper's own. */
    @DataBoundSetter
    public synchronized void setLimitMegabytes(@CheckForNull Integer limitMegabytes) {
        this.limitMegabytes = PolicyForms.between("limitMegabytes", limitMegabytes, 1, MOST_MEGABYTES);
        save();
    }

    @POST
    public FormValidation doCheckAllowedEndpoints(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return PolicyForms.allowed(value);
    }

    @POST
    public FormValidation doCheckBlockedEndpoints(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return PolicyForms.blocked(value);
    }

    @POST
    public FormValidation doCheckCeilingEndpoints(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return PolicyForms.allowed(value);
    }

    @POST
    public FormValidation doCheckDefaultPolicy(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return PolicyForms.known(value, PolicyPlaces.names(null));
    }

    @POST
    public FormValidation doCheckLimitEvents(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return PolicyForms.number(value, 1, MOST_EVENTS);
    }

    @POST
    public FormValidation doCheckLimitMegabytes(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return PolicyForms.number(value, 1, MOST_MEGABYTES);
    }

    /** Says what a block of a job could reach, by the configuration that is stored. */
    @POST
    public FormValidation doTryIt(@QueryParameter String tryEndpoint, @QueryParameter String tryJob, @QueryParameter String tryPolicy) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return TryIt.answer(tryEndpoint, tryJob, tryPolicy);
    }

    private static ListBoxModel items(Token[] values) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return PolicyForms.required(values);
    }

    @POST
    public ListBoxModel doFillEgressPolicyItems() {
        return items(EgressPolicy.values());
    }

    @POST
    public ListBoxModel doFillFilePolicyItems() {
        return items(FilePolicy.values());
    }

    @POST
    public ListBoxModel doFillCredentialPolicyItems() {
        return items(CredentialPolicy.values());
    }

    @POST
    public ListBoxModel doFillLoopbackItems() {
        return items(LoopbackPolicy.values());
    }

    @POST
    public ListBoxModel doFillInboundItems() {
        return items(InboundPolicy.values());
    }

    @POST
    public ListBoxModel doFillSniItems() {
        return items(SniPolicy.values());
    }

    @POST
    public ListBoxModel doFillMetadataItems() {
        return items(MetadataPolicy.values());
    }

    @POST
    public ListBoxModel doFillMinimumEgressPolicyItems() {
        return items(EgressPolicy.values());
    }

    @POST
    public ListBoxModel doFillMinimumFilePolicyItems() {
        return items(FilePolicy.values());
    }

    @POST
    public ListBoxModel doFillMinimumCredentialPolicyItems() {
        return items(CredentialPolicy.values());
    }

    @POST
    public ListBoxModel doFillMinimumLoopbackItems() {
        return items(LoopbackPolicy.values());
    }

    @POST
    public ListBoxModel doFillMinimumInboundItems() {
        return items(InboundPolicy.values());
    }

    @POST
    public ListBoxModel doFillMinimumSniItems() {
        return items(SniPolicy.values());
    }

    @POST
    public ListBoxModel doFillMinimumMetadataItems() {
        return items(MetadataPolicy.values());
    }
}

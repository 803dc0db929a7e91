package io.jenkins.plugins.hardenrunner.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Describable;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.collect.LayerSpec;
import io.jenkins.plugins.hardenrunner.engine.policy.CredentialPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.EgressPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.FilePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.InboundPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.LoopbackPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.MetadataPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.NamedPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.OnViolation;
import io.jenkins.plugins.hardenrunner.engine.policy.Origin;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.SniPolicy;
import java.io.IOException;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.verb.POST;

/** A named policy of the global configuration or of a folder, as text. */
public final class PolicyDefinition implements Describable<PolicyDefinition> {
    private final String name;
    private String description;
    private String parents;
    private String egressPolicy;
    private String filePolicy;
    private String credentialPolicy;
    private String loopback;
    private String inbound;
    private String sni;
    private String metadata;
    private String onViolation;
    private String allowedEndpoints;
    private String blockedEndpoints;
    private String dnsUpstream;
    private String protectedPaths;
    private String expectedChanges;
    private String credentialPaths;
    private String allowedSockets;
    private String keptCapabilities;

    @DataBoundConstructor
    public PolicyDefinition(@CheckForNull String name) {
        this.name = name == null ? "" : name.trim();
    }

    /**
     * The policy for the engine.
     *
     * @throws PolicyException if a value is wrong; the message names the policy and the setting
     */
    @NonNull
    NamedPolicy toPolicy(@NonNull Origin origin) {
        NamedPolicy.checkName(name);
        LayerSpec layer = new LayerSpec(origin);
        layer.egressPolicy = egressPolicy;
        layer.filePolicy = filePolicy;
        layer.credentialPolicy = credentialPolicy;
        layer.loopback = loopback;
        layer.inbound = inbound;
        layer.sni = sni;
        layer.metadata = metadata;
        layer.onViolation = onViolation;
        layer.allowed = allowedEndpoints;
        layer.blocked = blockedEndpoints;
        layer.dnsUpstream = dnsUpstream;
        layer.protectedPaths = protectedPaths;
        layer.expectedChanges = expectedChanges;
        layer.credentialPaths = credentialPaths;
        layer.allowedSockets = allowedSockets;
        layer.keptCapabilities = keptCapabilities;
        try {
            return new NamedPolicy(name, description, PolicyForms.words(parents), layer.toLayer());
        } catch (PolicyException e) {
            throw new PolicyException("policy '" + name + "': " + e.getMessage(), e);
        }
    }

    @NonNull
    public String getName() {
        return name;
    }

    @CheckForNull
    public String getDescription() {
        return description;
    }

    @DataBoundSetter
    public void setDescription(@CheckForNull String description) {
        this.description = PolicyForms.blankToNull(description);
    }

    @CheckForNull
    public String getExtends() {
        return parents;
    }

    /** Names of policies whose rules are added, separated by white space or commas. */
    @DataBoundSetter
    public void setExtends(@CheckForNull String names) {
        this.parents = PolicyForms.blankToNull(names);
    }

    @CheckForNull
    public String getEgressPolicy() {
        return egressPolicy;
    }

    @DataBoundSetter
    public void setEgressPolicy(@CheckForNull String egressPolicy) {
        this.egressPolicy = PolicyForms.token(egressPolicy);
    }

    @CheckForNull
    public String getFilePolicy() {
        return filePolicy;
    }

    @DataBoundSetter
    public void setFilePolicy(@CheckForNull String filePolicy) {
        this.filePolicy = PolicyForms.token(filePolicy);
    }

    @CheckForNull
    public String getCredentialPolicy() {
        return credentialPolicy;
    }

    @DataBoundSetter
    public void setCredentialPolicy(@CheckForNull String credentialPolicy) {
        this.credentialPolicy = PolicyForms.token(credentialPolicy);
    }

    @CheckForNull
    public String getLoopback() {
        return loopback;
    }

    @DataBoundSetter
    public void setLoopback(@CheckForNull String loopback) {
        this.loopback = PolicyForms.token(loopback);
    }

    @CheckForNull
    public String getInbound() {
        return inbound;
    }

    @DataBoundSetter
    public void setInbound(@CheckForNull String inbound) {
        this.inbound = PolicyForms.token(inbound);
    }

    @CheckForNull
    public String getSni() {
        return sni;
    }

    @DataBoundSetter
    public void setSni(@CheckForNull String sni) {
        this.sni = PolicyForms.token(sni);
    }

    @CheckForNull
    public String getMetadata() {
        return metadata;
    }

    @DataBoundSetter
    public void setMetadata(@CheckForNull String metadata) {
        this.metadata = PolicyForms.token(metadata);
    }

    @CheckForNull
    public String getOnViolation() {
        return onViolation;
    }

    @DataBoundSetter
    public void setOnViolation(@CheckForNull String onViolation) {
        this.onViolation = PolicyForms.token(onViolation);
    }

    @CheckForNull
    public String getAllowedEndpoints() {
        return allowedEndpoints;
    }

    @DataBoundSetter
    public void setAllowedEndpoints(@CheckForNull String allowedEndpoints) {
        this.allowedEndpoints = PolicyForms.blankToNull(allowedEndpoints);
    }

    @CheckForNull
    public String getBlockedEndpoints() {
        return blockedEndpoints;
    }

    @DataBoundSetter
    public void setBlockedEndpoints(@CheckForNull String blockedEndpoints) {
        this.blockedEndpoints = PolicyForms.blankToNull(blockedEndpoints);
    }

    @CheckForNull
    public String getDnsUpstream() {
        return dnsUpstream;
    }

    @DataBoundSetter
    public void setDnsUpstream(@CheckForNull String dnsUpstream) {
        this.dnsUpstream = PolicyForms.blankToNull(dnsUpstream);
    }

    @CheckForNull
    public String getProtectedPaths() {
        return protectedPaths;
    }

    @DataBoundSetter
    public void setProtectedPaths(@CheckForNull String protectedPaths) {
        this.protectedPaths = PolicyForms.blankToNull(protectedPaths);
    }

    @CheckForNull
    public String getExpectedChanges() {
        return expectedChanges;
    }

    @DataBoundSetter
    public void setExpectedChanges(@CheckForNull String expectedChanges) {
        this.expectedChanges = PolicyForms.blankToNull(expectedChanges);
    }

    @CheckForNull
    public String getCredentialPaths() {
        return credentialPaths;
    }

    @DataBoundSetter
    public void setCredentialPaths(@CheckForNull String credentialPaths) {
        this.credentialPaths = PolicyForms.blankToNull(credentialPaths);
    }

    @CheckForNull
    public String getAllowedSockets() {
        return allowedSockets;
    }

    @DataBoundSetter
    public void setAllowedSockets(@CheckForNull String allowedSockets) {
        this.allowedSockets = PolicyForms.blankToNull(allowedSockets);
    }

    @CheckForNull
    public String getKeptCapabilities() {
        return keptCapabilities;
    }

    @DataBoundSetter
    public void setKeptCapabilities(@CheckForNull String keptCapabilities) {
        this.keptCapabilities = PolicyForms.blankToNull(keptCapabilities);
    }

    /** The form of a definition. */
    @Extension
    public static final class DescriptorImpl extends Descriptor<PolicyDefinition> {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.PolicyDefinition_displayName();
        }

        @POST
        public FormValidation doCheckName(@QueryParameter String value) {
            return PolicyForms.checked(value, NamedPolicy::checkName, Messages.PolicyDefinition_nameMissing());
        }

        @POST
        public FormValidation doCheckExtends(@QueryParameter String value) {
            return PolicyForms.checkedNames(value);
        }

        @POST
        public FormValidation doCheckAllowedEndpoints(@QueryParameter String value) {
            return PolicyForms.allowed(value);
        }

        @POST
        public FormValidation doCheckBlockedEndpoints(@QueryParameter String value) {
            return PolicyForms.blocked(value);
        }

        @POST
        public FormValidation doCheckDnsUpstream(@QueryParameter String value) {
            return PolicyForms.upstreams(value);
        }

        @POST
        public FormValidation doCheckProtectedPaths(@QueryParameter String value) {
            return PolicyForms.globs(value);
        }

        @POST
        public FormValidation doCheckExpectedChanges(@QueryParameter String value) {
            return PolicyForms.layer(value, (layer, text) -> layer.expectedChanges = text);
        }

        @POST
        public FormValidation doCheckCredentialPaths(@QueryParameter String value) {
            return PolicyForms.layer(value, (layer, text) -> layer.credentialPaths = text);
        }

        @POST
        public FormValidation doCheckAllowedSockets(@QueryParameter String value) {
            return PolicyForms.layer(value, (layer, text) -> layer.allowedSockets = text);
        }

        @POST
        public FormValidation doCheckKeptCapabilities(@QueryParameter String value) {
            return PolicyForms.layer(value, (layer, text) -> layer.keptCapabilities = text);
        }

        /** What a pasted text of the GitHub action says, for the fields of this form. */
        @POST
        public void doImportEndpoints(StaplerResponse2 response, @QueryParameter String text) throws IOException {
            GitHubImport.answer(response, text);
        }

        public ListBoxModel doFillEgressPolicyItems() {
            return PolicyForms.optional(EgressPolicy.values());
        }

        public ListBoxModel doFillFilePolicyItems() {
            return PolicyForms.optional(FilePolicy.values());
        }

        public ListBoxModel doFillCredentialPolicyItems() {
            return PolicyForms.optional(CredentialPolicy.values());
        }

        public ListBoxModel doFillLoopbackItems() {
            return PolicyForms.optional(LoopbackPolicy.values());
        }

        public ListBoxModel doFillInboundItems() {
            return PolicyForms.optional(InboundPolicy.values());
        }

        public ListBoxModel doFillSniItems() {
            return PolicyForms.optional(SniPolicy.values());
        }

        public ListBoxModel doFillMetadataItems() {
            return PolicyForms.optional(MetadataPolicy.values());
        }

        public ListBoxModel doFillOnViolationItems() {
            return PolicyForms.optional(OnViolation.values());
        }
    }
}

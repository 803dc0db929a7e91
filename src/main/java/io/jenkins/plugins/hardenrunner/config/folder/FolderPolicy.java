package io.jenkins.plugins.hardenrunner.config.folder;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import com.cloudbees.hudson.plugins.folder.AbstractFolderProperty;
import com.cloudbees.hudson.plugins.folder.AbstractFolderPropertyDescriptor;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Descriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.config.PlaceSettings;
import io.jenkins.plugins.hardenrunner.config.PolicyDefinition;
import io.jenkins.plugins.hardenrunner.config.PolicyForms;
import io.jenkins.plugins.hardenrunner.engine.policy.CredentialPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.EgressPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.FilePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.InboundPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.LoopbackPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.MetadataPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.NamedPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyScope;
import io.jenkins.plugins.hardenrunner.engine.policy.SniPolicy;
import java.util.ArrayList;
import java.util.List;
import net.sf.json.JSONObject;
import org.jenkinsci.Symbol;
import org.jenkinsci.plugins.variant.OptionalExtension;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.verb.POST;

/** What a folder says about the policy of the jobs in it; who may configure the folder may set it. */
public final class FolderPolicy extends AbstractFolderProperty<AbstractFolder<?>> {
    private PlaceSettings settings = new PlaceSettings();

    @DataBoundConstructor
    public FolderPolicy() {}

    /**
     * The folder as a place of the engine.
     *
     * @param folder its full name
     * @throws PolicyException if it holds something that cannot be used
     */
    @NonNull
    PolicyScope scope(@NonNull String folder) {
        return settings.scope(folder);
    }

    @CheckForNull
    public String getEgressPolicy() {
        return settings.egressPolicy;
    }

    @DataBoundSetter
    public void setEgressPolicy(@CheckForNull String egressPolicy) {
        settings.egressPolicy = PolicyForms.token(egressPolicy);
    }

    @CheckForNull
    public String getFilePolicy() {
        return settings.filePolicy;
    }

    @DataBoundSetter
    public void setFilePolicy(@CheckForNull String filePolicy) {
        settings.filePolicy = PolicyForms.token(filePolicy);
    }

    @CheckForNull
    public String getCredentialPolicy() {
        return settings.credentialPolicy;
    }

    @DataBoundSetter
    public void setCredentialPolicy(@CheckForNull String credentialPolicy) {
        settings.credentialPolicy = PolicyForms.token(credentialPolicy);
    }

    @CheckForNull
    public String getLoopback() {
        return settings.loopback;
    }

    @DataBoundSetter
    public void setLoopback(@CheckForNull String loopback) {
        settings.loopback = PolicyForms.token(loopback);
    }

    @CheckForNull
    public String getInbound() {
        return settings.inbound;
    }

    @DataBoundSetter
    public void setInbound(@CheckForNull String inbound) {
        settings.inbound = PolicyForms.token(inbound);
    }

    @CheckForNull
    public String getSni() {
        return settings.sni;
    }

    @DataBoundSetter
    public void setSni(@CheckForNull String sni) {
        settings.sni = PolicyForms.token(sni);
    }

    @CheckForNull
    public String getMetadata() {
        return settings.metadata;
    }

    @DataBoundSetter
    public void setMetadata(@CheckForNull String metadata) {
        settings.metadata = PolicyForms.token(metadata);
    }

    @CheckForNull
    public String getMinimumEgressPolicy() {
        return settings.minimumEgressPolicy;
    }

    @DataBoundSetter
    public void setMinimumEgressPolicy(@CheckForNull String minimumEgressPolicy) {
        settings.minimumEgressPolicy = PolicyForms.token(minimumEgressPolicy);
    }

    @CheckForNull
    public String getMinimumFilePolicy() {
        return settings.minimumFilePolicy;
    }

    @DataBoundSetter
    public void setMinimumFilePolicy(@CheckForNull String minimumFilePolicy) {
        settings.minimumFilePolicy = PolicyForms.token(minimumFilePolicy);
    }

    @CheckForNull
    public String getMinimumCredentialPolicy() {
        return settings.minimumCredentialPolicy;
    }

    @DataBoundSetter
    public void setMinimumCredentialPolicy(@CheckForNull String minimumCredentialPolicy) {
        settings.minimumCredentialPolicy = PolicyForms.token(minimumCredentialPolicy);
    }

    @CheckForNull
    public String getMinimumLoopback() {
        return settings.minimumLoopback;
    }

    @DataBoundSetter
    public void setMinimumLoopback(@CheckForNull String minimumLoopback) {
        settings.minimumLoopback = PolicyForms.token(minimumLoopback);
    }

    @CheckForNull
    public String getMinimumInbound() {
        return settings.minimumInbound;
    }

    @DataBoundSetter
    public void setMinimumInbound(@CheckForNull String minimumInbound) {
        settings.minimumInbound = PolicyForms.token(minimumInbound);
    }

    @CheckForNull
    public String getMinimumSni() {
        return settings.minimumSni;
    }

    @DataBoundSetter
    public void setMinimumSni(@CheckForNull String minimumSni) {
        settings.minimumSni = PolicyForms.token(minimumSni);
    }

    @CheckForNull
    public String getMinimumMetadata() {
        return settings.minimumMetadata;
    }

    @DataBoundSetter
    public void setMinimumMetadata(@CheckForNull String minimumMetadata) {
        settings.minimumMetadata = PolicyForms.token(minimumMetadata);
    }

    @CheckForNull
    public String getDefaultPolicy() {
        return settings.defaultPolicy;
    }

    @DataBoundSetter
    public void setDefaultPolicy(@CheckForNull String defaultPolicy) {
        settings.defaultPolicy = PolicyForms.blankToNull(defaultPolicy);
    }

    @CheckForNull
    public String getAllowedEndpoints() {
        return settings.allowedEndpoints;
    }

    @DataBoundSetter
    public void setAllowedEndpoints(@CheckForNull String allowedEndpoints) {
        settings.allowedEndpoints = PolicyForms.blankToNull(allowedEndpoints);
    }

    @CheckForNull
    public String getBlockedEndpoints() {
        return settings.blockedEndpoints;
    }

    @DataBoundSetter
    public void setBlockedEndpoints(@CheckForNull String blockedEndpoints) {
        settings.blockedEndpoints = PolicyForms.blankToNull(blockedEndpoints);
    }

    @CheckForNull
    public String getCeilingEndpoints() {
        return settings.ceilingEndpoints;
    }

    @DataBoundSetter
    public void setCeilingEndpoints(@CheckForNull String ceilingEndpoints) {
        settings.ceilingEndpoints = PolicyForms.blankToNull(ceilingEndpoints);
    }

    public boolean isLimited() {
        return settings.limited;
    }

    @DataBoundSetter
    public void setLimited(boolean limited) {
        settings.limited = limited;
    }

    @NonNull
    public List<PolicyDefinition> getPolicies() {
        return new ArrayList<>(settings.policies);
    }

    @DataBoundSetter
    public void setPolicies(@CheckForNull List<PolicyDefinition> policies) {
        settings.policies = policies == null ? new ArrayList<>() : new ArrayList<>(policies);
    }

    /** The form of the property. */
    @OptionalExtension(requirePlugins = "cloudbees-folder")
    @Symbol("hardenRunnerPolicy")
    public static final class DescriptorImpl extends AbstractFolderPropertyDescriptor {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.FolderPolicy_displayName();
        }

        /** Refuses what a block could not use later. */
        @Override
        public AbstractFolderProperty<?> newInstance(StaplerRequest2 req, @NonNull JSONObject json) throws Descriptor.FormException {
            FolderPolicy policy = (FolderPolicy) super.newInstance(req, json);
            if (policy != null) {
                try {
                    policy.scope("");
                } catch (PolicyException e) {
                    throw new Descriptor.FormException(e.getMessage(), e, "");
                }
            }
            return policy;
        }

        @POST
        public FormValidation doCheckDefaultPolicy(@QueryParameter String value) {
            return PolicyForms.check(value, NamedPolicy::checkName);
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
        public FormValidation doCheckCeilingEndpoints(@QueryParameter String value) {
            return PolicyForms.allowed(value);
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

        public ListBoxModel doFillMinimumEgressPolicyItems() {
            return PolicyForms.optional(EgressPolicy.values());
        }

        public ListBoxModel doFillMinimumFilePolicyItems() {
            return PolicyForms.optional(FilePolicy.values());
        }

        public ListBoxModel doFillMinimumCredentialPolicyItems() {
            return PolicyForms.optional(CredentialPolicy.values());
        }

        public ListBoxModel doFillMinimumLoopbackItems() {
            return PolicyForms.optional(LoopbackPolicy.values());
        }

        public ListBoxModel doFillMinimumInboundItems() {
            return PolicyForms.optional(InboundPolicy.values());
        }

        public ListBoxModel doFillMinimumSniItems() {
            return PolicyForms.optional(SniPolicy.values());
        }

        public ListBoxModel doFillMinimumMetadataItems() {
            return PolicyForms.optional(MetadataPolicy.values());
        }
    }
}

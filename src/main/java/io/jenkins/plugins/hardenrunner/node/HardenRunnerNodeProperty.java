package io.jenkins.plugins.hardenrunner.node;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Node;
import hudson.slaves.NodeProperty;
import hudson.slaves.NodePropertyDescriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.config.PolicyForms;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/** Supervises every build on an agent, without a change to any job. */
public final class HardenRunnerNodeProperty extends NodeProperty<Node> {
    private final String egressPolicy;
    private String excludedJobs;

    /** @param egressPolicy {@code audit} or {@code block}, or {@code off} to leave it to the setting for all agents */
    @DataBoundConstructor
    public HardenRunnerNodeProperty(@NonNull String egressPolicy) {
        this.egressPolicy = AgentPolicy.token(egressPolicy);
    }

    @NonNull
    public String getEgressPolicy() {
        return egressPolicy;
    }

    /** Jobs that this property leaves alone, one path a line; null if there is none. */
    @CheckForNull
    public String getExcludedJobs() {
        return excludedJobs;
    }

    /** Throws PolicyException, as the form's check does, rather than store what cannot be read. */
    @DataBoundSetter
    public void setExcludedJobs(@CheckForNull String excludedJobs) {
        JobPaths.parse(excludedJobs);
        this.excludedJobs = PolicyForms.blankToNull(excludedJobs);
    }

    /** Describes the property. */
    @Extension
    @Symbol("hardenRunner")
    public static final class DescriptorImpl extends NodePropertyDescriptor {
        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.HardenRunnerNodeProperty_displayName();
        }

        /** For all agents there is a setting of its own, which knows labels. */
        @Override
        public boolean isApplicableAsGlobal() {
            return false;
        }

        public ListBoxModel doFillEgressPolicyItems() {
            return AgentPolicy.items();
        }

        @POST
        public FormValidation doCheckExcludedJobs(@QueryParameter String value) {
            return AgentPolicy.checkPaths(value);
        }
    }
}

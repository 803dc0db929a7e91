package io.jenkins.plugins.hardenrunner.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.collect.LayerSpec;
import io.jenkins.plugins.hardenrunner.config.PolicyForms;
import io.jenkins.plugins.hardenrunner.engine.policy.EgressPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.FilePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.InboundPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.LoopbackPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.OnDeviation;
import io.jenkins.plugins.hardenrunner.engine.policy.OnUnsupported;
import io.jenkins.plugins.hardenrunner.engine.policy.OnViolation;
import io.jenkins.plugins.hardenrunner.engine.policy.Origin;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jenkinsci.plugins.structs.describable.CustomDescribableModel;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;
import org.jenkinsci.plugins.workflow.steps.StepExecution;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** {@code hardenRunner(egressPolicy: 'block', allowedEndpoints: […]) { … }}: supervises the commands in its body. */
public final class HardenRunnerStep extends Step {
    // Strings, not enums: Pipeline converts to enums by their exact names, and 'block' is not BLOCK. They are checked
    // when the step starts, where the message reaches the log as it is.
    private String policy;
    private String name;
    private String egressPolicy;
    private String filePolicy;
    private String loopback;
    private String inbound;
    private String onViolation;
    private String onDeviation;
    private String onUnsupported;
    private String allowedEndpoints;
    private String blockedEndpoints;
    private String dnsUpstream;
    private String protectedPaths;
    private String expectedChanges;

    @DataBoundConstructor
    public HardenRunnerStep() {}

    @CheckForNull
    public String getPolicy() {
        return policy;
    }

    /** The policy of a folder or of the global configuration to use, or a preset. */
    @DataBoundSetter
    public void setPolicy(@CheckForNull String policy) {
        this.policy = PolicyForms.blankToNull(policy);
    }

    @CheckForNull
    public String getName() {
        return name;
    }

    /** How the block is called in the job's baseline and in lists; without one it has the name of its stage. */
    @DataBoundSetter
    public void setName(@CheckForNull String name) {
        this.name = PolicyForms.blankToNull(name);
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
    public String getOnViolation() {
        return onViolation;
    }

    @DataBoundSetter
    public void setOnViolation(@CheckForNull String onViolation) {
        this.onViolation = PolicyForms.token(onViolation);
    }

    @CheckForNull
    public String getOnDeviation() {
        return onDeviation;
    }

    @DataBoundSetter
    public void setOnDeviation(@CheckForNull String onDeviation) {
        this.onDeviation = PolicyForms.token(onDeviation);
    }

    @CheckForNull
    public String getOnUnsupported() {
        return onUnsupported;
    }

    @DataBoundSetter
    public void setOnUnsupported(@CheckForNull String onUnsupported) {
        this.onUnsupported = PolicyForms.token(onUnsupported);
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

    /** Changes of sources that are meant: {@code GLOB [by PROCESS | by package:NAME]}, one a line. */
    @DataBoundSetter
    public void setExpectedChanges(@CheckForNull String expectedChanges) {
        this.expectedChanges = PolicyForms.blankToNull(expectedChanges);
    }

    /** What the parameters say, as a layer of policy. */
    @NonNull
    @Restricted(NoExternalUse.class)
    public LayerSpec layer() {
        LayerSpec layer = new LayerSpec(Origin.STEP);
        layer.policy = policy;
        layer.egressPolicy = egressPolicy;
        layer.filePolicy = filePolicy;
        layer.loopback = loopback;
        layer.inbound = inbound;
        layer.onViolation = onViolation;
        layer.onDeviation = onDeviation;
        layer.onUnsupported = onUnsupported;
        layer.allowed = allowedEndpoints;
        layer.blocked = blockedEndpoints;
        layer.dnsUpstream = dnsUpstream;
        layer.protectedPaths = protectedPaths;
        layer.expectedChanges = expectedChanges;
        return layer;
    }

    @Override
    public StepExecution start(StepContext context) {
        return new HardenRunnerExecution(context, this);
    }

    /** Describes the step. Needs no {@code @Symbol}: steps are known by their function name. */
    @Extension
    public static final class DescriptorImpl extends StepDescriptor implements CustomDescribableModel {
        private static final Set<String> LISTS =
                Set.of("allowedEndpoints", "blockedEndpoints", "dnsUpstream", "protectedPaths", "expectedChanges");
        private static final Set<String> PARAMETERS = new TreeSet<>(LISTS);

        static {
            PARAMETERS.addAll(Set.of(
                    "name", "policy", "egressPolicy", "filePolicy", "loopback", "inbound", "onViolation", "onDeviation",
                    "onUnsupported"));
        }

        @Override
        public String getFunctionName() {
            return "hardenRunner";
        }

        @NonNull
        @Override
        public String getDisplayName() {
            return Messages.HardenRunnerStep_displayName();
        }

        @Override
        public boolean takesImplicitBlockArgument() {
            return true;
        }

        /** Neither launcher nor workspace: Declarative takes no step into its options that requires one of them. */
        @Override
        public Set<? extends Class<?>> getRequiredContext() {
            return Set.of(Run.class, TaskListener.class, FlowNode.class);
        }

        @Override
        public Set<? extends Class<?>> getProvidedContext() {
            return Set.of(HardenScope.class);
        }

        /**
         * Lists may be given as a list, or as one string as users of the GitHub action have it. Parameters that do not
         * exist are refused: Pipeline only warns of them, and a misspelt egressPolicy would then run unprotected.
         */
        @NonNull
        @Override
        public Map<String, Object> customInstantiate(@NonNull Map<String, Object> arguments) {
            for (String name : arguments.keySet()) {
                if (!PARAMETERS.contains(name)) {
                    throw new IllegalArgumentException("hardenRunner has no parameter '" + name + "'; it has "
                            + String.join(", ", PARAMETERS));
                }
            }
            Map<String, Object> converted = new HashMap<>(arguments);
            converted.replaceAll((name, value) -> LISTS.contains(name) && value instanceof Collection<?> list
                    ? list.stream().map(String::valueOf).collect(Collectors.joining("\n"))
                    : value);
            return converted;
        }

        public ListBoxModel doFillEgressPolicyItems() {
            return PolicyForms.optional(EgressPolicy.values());
        }

        public ListBoxModel doFillFilePolicyItems() {
            return PolicyForms.optional(FilePolicy.values());
        }

        public ListBoxModel doFillLoopbackItems() {
            return PolicyForms.optional(LoopbackPolicy.values());
        }

        public ListBoxModel doFillInboundItems() {
            return PolicyForms.optional(InboundPolicy.values());
        }

        public ListBoxModel doFillOnViolationItems() {
            return PolicyForms.optional(OnViolation.values());
        }

        public ListBoxModel doFillOnDeviationItems() {
            return PolicyForms.optional(OnDeviation.values());
        }

        public ListBoxModel doFillOnUnsupportedItems() {
            return PolicyForms.optional(OnUnsupported.values());
        }
    }
}

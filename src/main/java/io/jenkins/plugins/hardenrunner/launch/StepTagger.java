package io.jenkins.plugins.hardenrunner.launch;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.Extension;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.hardenrunner.node.ObservedBuild;
import io.jenkins.plugins.hardenrunner.step.HardenScope;
import java.io.IOException;
import java.util.TreeSet;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.EnvironmentExpander;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepEnvironmentContributor;

/**
 * Tells {@link HardenedLauncher} which step launches and which variables are secret. A launcher knows neither; the
 * environment that the step hands to it is the only thing that passes through every decorator in between.
 */
@Extension
public final class StepTagger extends StepEnvironmentContributor {
    @Override
    public void buildEnvironmentFor(
            @NonNull StepContext stepContext, @NonNull EnvVars envs, @NonNull TaskListener listener)
            throws IOException, InterruptedException {
        if (stepContext.get(HardenScope.class) == null && !isObserved(stepContext)) {
            return;
        }
        FlowNode node = stepContext.get(FlowNode.class);
        if (node != null) {
            envs.put(LaunchPlan.STEP_VARIABLE, node.getId());
        }
        EnvironmentExpander expander = stepContext.get(EnvironmentExpander.class);
        if (expander != null && !expander.getSensitiveVariables().isEmpty()) {
            envs.put(LaunchPlan.REDACT_VARIABLE, String.join(",", new TreeSet<>(expander.getSensitiveVariables())));
        }
    }

    private static boolean isObserved(StepContext context) throws IOException, InterruptedException {
        Run<?, ?> run = context.get(Run.class);
        Node node = run == null ? null : context.get(Node.class);
        return node != null && ObservedBuild.of(run, node) != null;
    }
}

package io.jenkins.plugins.hardenrunner.launch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.Launcher;
import hudson.model.Node;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.hardenrunner.node.ObservedBuild;
import io.jenkins.plugins.hardenrunner.collect.OpenBlock;
import io.jenkins.plugins.hardenrunner.collect.OpenBlocks;
import io.jenkins.plugins.hardenrunner.step.HardenScope;
import java.io.IOException;
import org.jenkinsci.plugins.workflow.flow.StepListener;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;
import org.jenkinsci.plugins.workflow.steps.StepDescriptor;

/**
 * Stops steps that would run in a container outside the supervisor: {@code hardenRunner { container('x') { sh } }}.
 * The container's launcher is then outermost and ours is never asked, so it has to be noticed before the step starts.
 */
@Extension
public final class ContainerGuard implements StepListener {
    @Override
    public void notifyOfNewStep(@NonNull Step step, @NonNull StepContext context) {
        try {
            check(step, context);
        } catch (Exception e) {
            // Whoever calls us swallows exceptions; a check that fails must not let the step pass.
            context.onFailure(e);
        }
    }

    private static void check(Step step, StepContext context) throws IOException, InterruptedException {
        HardenScope scope = context.get(HardenScope.class);
        StepDescriptor descriptor = step.getDescriptor();
        // step([…]) and the like require no launcher and hand one to what they run.
        if (!(descriptor.getRequiredContext().contains(Launcher.class) || descriptor.isMetaStep())) {
            return;
        }
        ObservedBuild observed = scope == null ? observed(context) : null;
        if (scope == null && observed == null) {
            return;
        }
        Launcher launcher = context.get(Launcher.class);
        String escape = launcher == null ? null : Containers.escape(launcher);
        if (escape == null) {
            return;
        }
        String function = descriptor.getFunctionName();
        String problem = "step '" + function + "' " + escape + ", out of the supervisor's reach";
        String remedy = "move hardenRunner inside: container('…') { hardenRunner { … } }";
        OpenBlock block = scope == null ? observed.block() : OpenBlocks.find(scope.getRunId(), scope.getBlockId());
        if (block == null || block.spec().failsWhenUnsupported()) {
            context.onFailure(new AbortException("Harden Runner: " + problem + "; " + remedy));
        } else if (block.unsupervised("step " + function, problem)) {
            TaskListener listener = context.get(TaskListener.class);
            if (listener != null) {
                listener.error("Harden Runner: " + problem + "; " + remedy);
            }
        }
    }

    @CheckForNull
    private static ObservedBuild observed(StepContext context) throws IOException, InterruptedException {
        Run<?, ?> run = context.get(Run.class);
        Node node = run == null ? null : context.get(Node.class);
        return node == null ? null : ObservedBuild.of(run, node);
    }
}

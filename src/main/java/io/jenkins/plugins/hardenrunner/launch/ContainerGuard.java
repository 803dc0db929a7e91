package io.jenkins.plugins.hardenrunner.launch;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Extension;
import hudson.Launcher;
import hudson.model.TaskListener;
import io.jenkins.plugins.hardenrunner.collect.OpenBlock;
import io.jenkins.plugins.hardenrunner.collect.OpenBlocks;
import io.jenkins.plugins.hardenrunner.step.HardenScope;
import java.io.IOException;
import org.jenkinsci.plugins.workflow.flow.StepListener;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;

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
        if (scope == null || !step.getDescriptor().getRequiredContext().contains(Launcher.class)) {
            return;
        }
        Launcher launcher = context.get(Launcher.class);
        String escape = launcher == null ? null : Containers.escape(launcher);
        if (escape == null) {
            return;
        }
        String function = step.getDescriptor().getFunctionName();
        String problem = "step '" + function + "' " + escape + ", out of the supervisor's reach";
        String remedy = "move hardenRunner inside: container('…') { hardenRunner { … } }";
        OpenBlock block = OpenBlocks.find(scope.getRunId(), scope.getBlockId());
        if (block == null || block.spec().failsWhenUnsupported()) {
            context.onFailure(new AbortException("Harden Runner: " + problem + "; " + remedy));
        } else if (block.unsupervised("step " + function, problem)) {
            TaskListener listener = context.get(TaskListener.class);
            if (listener != null) {
                listener.error("Harden Runner: " + problem + "; " + remedy);
            }
        }
    }
}

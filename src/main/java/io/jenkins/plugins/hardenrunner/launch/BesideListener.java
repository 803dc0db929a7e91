package io.jenkins.plugins.hardenrunner.launch;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import io.jenkins.plugins.hardenrunner.collect.OpenBlock;
import io.jenkins.plugins.hardenrunner.collect.OpenBlocks;
import io.jenkins.plugins.hardenrunner.step.HardenScope;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.flow.StepListener;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;

/** Names in a block's coverage the steps that ran in it and that are out of supervision's reach by their nature. */
@Extension
public final class BesideListener implements StepListener {
    private static final Logger LOGGER = Logger.getLogger(BesideListener.class.getName());

    @Override
    public void notifyOfNewStep(@NonNull Step step, @NonNull StepContext context) {
        try {
            HardenScope scope = context.get(HardenScope.class);
            FlowNode node = scope == null ? null : context.get(FlowNode.class);
            if (node == null) {
                return;
            }
            String name = node.getDisplayFunctionName();
            String reason = BesideSteps.reason(name, step.getDescriptor().isMetaStep());
            OpenBlock block = reason == null ? null : OpenBlocks.find(scope.getRunId(), scope.getBlockId());
            if (block != null) {
                block.beside("step " + name, reason);
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "the coverage of a block lacks step " + step.getDescriptor().getFunctionName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

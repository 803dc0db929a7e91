package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.actions.LabelAction;
import org.jenkinsci.plugins.workflow.actions.ThreadNameAction;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/** Names of steps and stages, looked up once when a block ends: pages must not load the flow graph. */
final class FlowNames {
    private static final Logger LOGGER = Logger.getLogger(FlowNames.class.getName());

    @CheckForNull
    private final FlowExecution execution;

    FlowNames(@CheckForNull FlowExecution execution) {
        this.execution = execution;
    }

    /** The step and the stage or parallel branch around it; empty parts are null. */
    record Names(@CheckForNull String step, @CheckForNull String stage) {}

    @NonNull
    Names of(@NonNull String id) {
        FlowNode node = null;
        try {
            node = execution == null || id.isEmpty() ? null : execution.getNode(id);
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "no flow node " + id);
        }
        if (node == null) {
            return new Names(null, null);
        }
        String step = node.getDisplayFunctionName() + " (" + id + ")";
        for (FlowNode enclosing : node.iterateEnclosingBlocks()) {
            ThreadNameAction branch = enclosing.getAction(ThreadNameAction.class);
            LabelAction label = enclosing.getAction(LabelAction.class);
            if (branch != null) {
                return new Names(step, branch.getThreadName());
            }
            if (label != null) {
                return new Names(step, label.getDisplayName());
            }
        }
        return new Names(step, null);
    }
}

package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.actions.ArgumentsAction;
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

    /**
     * A step and where it stands.
     *
     * @param step its name and the id of its flow node; null if it is not known
     * @param stage the stage or parallel branch around it, or null
     * @param command the step and its script as the Jenkinsfile has them; empty if it has none or it is not known
     */
    record Names(@CheckForNull String step, @CheckForNull String stage, @NonNull List<String> command) {}

    @NonNull
    Names of(@NonNull String id) {
        FlowNode node = null;
        try {
            node = execution == null || id.isEmpty() ? null : execution.getNode(id);
        } catch (IOException e) {
            LOGGER.log(Level.FINE, e, () -> "no flow node " + id);
        }
        if (node == null) {
            return new Names(null, null, List.of());
        }
        String step = node.getDisplayFunctionName() + " (" + id + ")";
        List<String> command = command(node);
        for (FlowNode enclosing : node.iterateEnclosingBlocks()) {
            ThreadNameAction branch = enclosing.getAction(ThreadNameAction.class);
            LabelAction label = enclosing.getAction(LabelAction.class);
            if (branch != null) {
                return new Names(step, branch.getThreadName(), command);
            }
            if (label != null) {
                return new Names(step, label.getDisplayName(), command);
            }
        }
        return new Names(step, null, command);
    }

    /** Pipeline has put the variables' names in place of secrets among the arguments before it stored them. */
    private static List<String> command(FlowNode node) {
        Object script = ArgumentsAction.getFilteredArguments(node).get("script");
        return script instanceof String text ? List.of(node.getDisplayFunctionName(), text.strip()) : List.of();
    }
}

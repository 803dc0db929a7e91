package io.jenkins.plugins.hardenrunner.step;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jenkinsci.plugins.workflow.actions.LabelAction;
import org.jenkinsci.plugins.workflow.actions.ThreadNameAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/** Names blocks so that the same one has the same name in the next build. */
final class BlockNames {
    private static final String OUTSIDE = "default";
    private static final int LONGEST = 300;

    private BlockNames() {}

    /** The name that the step was given, or the stages and parallel branches around it, joined by {@code /}. */
    @NonNull
    static String of(@CheckForNull String given, @NonNull FlowNode node) {
        String name = given;
        if (name == null) {
            Deque<String> around = new ArrayDeque<>();
            for (FlowNode enclosing : node.iterateEnclosingBlocks()) {
                ThreadNameAction branch = enclosing.getAction(ThreadNameAction.class);
                LabelAction label = enclosing.getAction(LabelAction.class);
                String named = branch != null ? branch.getThreadName() : label != null ? label.getDisplayName() : null;
                if (named != null) {
                    around.addFirst(named);
                }
            }
            name = String.join("/", around);
        }
        return name.isBlank() ? OUTSIDE : name.substring(0, Math.min(LONGEST, name.length()));
    }
}

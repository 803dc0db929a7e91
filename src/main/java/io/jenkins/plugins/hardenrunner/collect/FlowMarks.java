package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Result;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.actions.WarningAction;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

/** Marks the steps behind a report's findings, so that views of the Pipeline show where it happened. */
public final class FlowMarks {
    private static final Logger LOGGER = Logger.getLogger(FlowMarks.class.getName());
    private static final Set<String> SERIOUS = Set.of("critical", "high", "medium");

    private FlowMarks() {}

    /** Marks each step that has a serious finding with the first one's message. Its result stays what it was. */
    public static void set(@NonNull OpenBlock block, @NonNull Report report, @CheckForNull FlowExecution execution) {
        if (execution == null) {
            return;
        }
        of(block, report).forEach((step, message) -> {
            try {
                FlowNode node = execution.getNode(step);
                if (node != null) {
                    node.addOrReplaceAction(new WarningAction(Result.UNSTABLE).withMessage(message));
                }
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "cannot mark step " + step + " of " + block.run());
            }
        });
    }

    /** Messages by the ids of flow nodes. */
    private static Map<String, String> of(OpenBlock block, Report report) {
        Map<String, String> steps = new HashMap<>();
        block.launches().forEach(launch -> steps.put(launch.id(), launch.step()));
        Map<String, Report.Lineage> lineages = new HashMap<>();
        report.lineages.forEach(lineage -> lineages.put(lineage.id, lineage));
        Map<String, Set<String>> messages = new LinkedHashMap<>();
        for (Report.Finding finding : report.findings) {
            if (!SERIOUS.contains(finding.severity)) {
                continue;
            }
            for (String id : finding.evidence.lineages) {
                Report.Lineage lineage = lineages.get(id);
                String step = lineage == null ? null : steps.get(lineage.launch);
                if (step != null && !step.isEmpty()) {
                    messages.computeIfAbsent(step, any -> new LinkedHashSet<>()).add(finding.message);
                }
            }
        }
        Map<String, String> marks = new LinkedHashMap<>();
        messages.forEach((step, found) -> marks.put(step, "Harden Runner: " + found.iterator().next()
                + (found.size() == 1 ? "" : " (and " + (found.size() - 1) + " more)")));
        return marks;
    }
}

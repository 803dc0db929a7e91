package io.jenkins.plugins.hardenrunner.engine.baseline;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A job in one small file, for the view of all jobs.
 *
 * @param last the newest build
 * @param baseline the state of the job's own baseline
 * @param deviations how many wait for a review
 * @param changeRequest whether the job builds a change request, whose deviations wait nowhere
 * @param nodes where the newest build ran
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JobSummary(TrendPoint last, BaselineState baseline, int deviations, boolean changeRequest, List<Node> nodes) {
    public JobSummary {
        nodes = nodes == null ? List.of() : List.copyOf(nodes);
        baseline = baseline == null ? BaselineState.NONE : baseline;
    }

    /** An agent, and what it could not protect. */
    public record Node(String name, String state, List<Missing> missing) {
        public Node {
            missing = missing == null ? List.of() : List.copyOf(missing);
        }
    }

    /** A missing protection. */
    public record Missing(String protection, String reason) {}

    /** Whether something was supervised in the newest build. */
    public boolean supervised() {
        return last != null && !last.verdict().equals("not-supervised");
    }

    /** The agents of reports, each once, in its worst state. */
    public static List<Node> nodes(List<Report> reports) {
        Map<String, Node> nodes = new LinkedHashMap<>();
        for (Report report : reports) {
            List<Missing> missing = report.degraded.stream().map(d -> new Missing(d.protection, d.reason)).toList();
            for (Report.Launch launch : report.launchDetails) {
                String name = launch.node == null ? "" : launch.node;
                boolean enforced = "enforced".equals(launch.state);
                Node node = new Node(name, launch.state, enforced ? List.of() : missing);
                nodes.merge(name, node, (a, b) -> "enforced".equals(a.state()) ? b : a);
            }
        }
        List<Node> all = new ArrayList<>(nodes.values());
        return List.copyOf(all.subList(0, Math.min(50, all.size())));
    }
}

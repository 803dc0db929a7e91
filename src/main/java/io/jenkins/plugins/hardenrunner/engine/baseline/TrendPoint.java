package io.jenkins.plugins.hardenrunner.engine.baseline;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.time.Instant;
import java.util.List;

/**
 * A build in a few numbers, summed over its blocks.
 *
 * @param n the build's number
 * @param t when it ended
 * @param result as Jenkins names it
 * @param verdict the worst of its blocks; {@code not-supervised} for a build without one
 * @param state likewise; {@code off} for a build without a block
 * @param endpoints rows of the reports
 * @param unknown those that deviate, {@code new} in JSON
 * @param blocked those that were refused
 * @param files changed files that are tracked or protected
 */
public record TrendPoint(
        int n,
        String t,
        String result,
        String verdict,
        String state,
        List<Block> blocks,
        int launches,
        int endpoints,
        @JsonProperty("new") int unknown,
        int blocked,
        int files,
        int findings,
        int deviations) {

    private static final List<String> VERDICTS = List.of("ok", "deviates", "violated", "not-supervised");
    private static final List<String> STATES = List.of("enforced", "degraded", "off");

    /** A block of the build: its id in URLs, and its name. */
    public record Block(String id, String name) {}

    /** The numbers of one block, before they are summed. */
    public record Counts(
            String id, String name, String verdict, String state, int launches, int endpoints, int unknown, int blocked, int files,
            int findings, int deviations) {
        /** Counts a report that was compared with a baseline. */
        public static Counts of(String id, String name, Report report) {
            return new Counts(id, name, report.verdict, report.state, report.launches, report.endpoints.size(),
                    (int) report.endpoints.stream().filter(row -> "new".equals(row.baseline) || row.deviation != null).count(),
                    (int) report.endpoints.stream().filter(row -> "blocked".equals(row.verdict)).count(),
                    (int) report.files.stream().filter(ReportObservation::counts).count(),
                    report.findings.size(),
                    report.deviations == null ? 0 : report.deviations.size());
        }
    }

    /** Sums up the blocks of a build. */
    public static TrendPoint of(int number, Instant time, String result, List<Counts> blocks) {
        return new TrendPoint(number, Baseline.time(time), result,
                worst(VERDICTS, blocks.stream().map(Counts::verdict).toList()),
                worst(STATES, blocks.stream().map(Counts::state).toList()),
                blocks.stream().map(block -> new Block(block.id(), block.name())).toList(),
                blocks.stream().mapToInt(Counts::launches).sum(),
                blocks.stream().mapToInt(Counts::endpoints).sum(),
                blocks.stream().mapToInt(Counts::unknown).sum(),
                blocks.stream().mapToInt(Counts::blocked).sum(),
                blocks.stream().mapToInt(Counts::files).sum(),
                blocks.stream().mapToInt(Counts::findings).sum(),
                blocks.stream().mapToInt(Counts::deviations).sum());
    }

    /** The last of the order that occurs; of no value the very last, since nothing is known then. */
    private static String worst(List<String> order, List<String> values) {
        return values.stream()
                .max((a, b) -> Integer.compare(order.indexOf(a), order.indexOf(b)))
                .orElse(order.get(order.size() - 1));
    }
}

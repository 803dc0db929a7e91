package io.jenkins.plugins.hardenrunner.engine.report;

import io.jenkins.plugins.hardenrunner.engine.source.SourceChange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the report of a block says about the blocks inside it, whose commands are in reports of their own. */
final class NestedBlocks {
    private static final List<String> STATES = List.of("enforced", "degraded", "off");
    private static final List<String> VERDICTS = List.of("ok", "deviates", "not-supervised", "violated");

    private final List<Report.Nested> blocks = new ArrayList<>();
    private final Set<String> changed = new HashSet<>();

    void add(String block, Report report) {
        Report.Nested nested = new Report.Nested();
        nested.block = block;
        nested.state = report.state;
        nested.verdict = report.verdict;
        nested.launches = report.launches;
        blocks.add(nested);
        report.files.stream()
                .filter(file -> file.before != null || file.after != null)
                .forEach(file -> changed.add(file.path));
    }

    void changed(Collection<String> paths) {
        changed.addAll(paths);
    }

    /** The changes that other blocks do not account for; what the block itself has touched as well stays. */
    List<SourceChange> without(List<SourceChange> changes, Set<String> touched) {
        return changes.stream()
                .filter(change -> touched.contains(change.path()) || !changed.contains(change.path()))
                .toList();
    }

    /** A block whose commands were all started in nested ones is as good as the worst of those. */
    void fill(Report report, boolean allSupervised) {
        report.nested.addAll(blocks);
        boolean elsewhere = blocks.stream().anyMatch(block -> block.launches > 0);
        if (report.launches == 0 && allSupervised && elsewhere) {
            report.state = blocks.stream().map(block -> block.state).reduce("enforced", (a, b) -> worse(STATES, a, b));
            report.verdict = blocks.stream().map(block -> block.verdict).reduce("ok", (a, b) -> worse(VERDICTS, a, b));
        }
    }

    private static String worse(List<String> order, String a, String b) {
        return order.indexOf(a) >= order.indexOf(b) ? a : b;
    }
}

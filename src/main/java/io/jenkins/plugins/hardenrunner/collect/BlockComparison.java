package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.hardenrunner.config.BaselineConfiguration;
import io.jenkins.plugins.hardenrunner.engine.baseline.Baseline;
import io.jenkins.plugins.hardenrunner.engine.baseline.BaselineSettings;
import io.jenkins.plugins.hardenrunner.engine.baseline.JobSummary;
import io.jenkins.plugins.hardenrunner.engine.baseline.Observation;
import io.jenkins.plugins.hardenrunner.engine.baseline.ReportBaseline;
import io.jenkins.plugins.hardenrunner.engine.baseline.TrendPoint;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Compares the report of a block that ends with the baseline. */
final class BlockComparison {
    private static final Logger LOGGER = Logger.getLogger(BlockComparison.class.getName());

    private final OpenBlock block;
    private final TaskListener listener;

    BlockComparison(@NonNull OpenBlock block, @NonNull TaskListener listener) {
        this.block = block;
        this.listener = listener;
    }

    /** Completes the report, and stores what the end of the build needs of it. */
    void apply(@NonNull Report report) throws IOException, InterruptedException {
        String name = block.spec().blockName();
        Observation observed = ReportBaseline.apply(report, reference(name), roots(report), Instant.now());
        block.store().writeResult(new BlockResult(
                name, observed, TrendPoint.Counts.of(block.id(), name, report), JobSummary.nodes(List.of(report))));
    }

    private ReportBaseline.Reference reference(String name) throws InterruptedException {
        Run<?, ?> run = block.run();
        BaselineSettings settings = BaselineConfiguration.get().settings();
        BaselineSource source = BaselineSource.of(run.getParent());
        String doubt = Trust.doubt(run, source, listener);
        String role = source.changeRequest() ? "target" : "own";
        Job<?, ?> job = source.job();
        if (job == null) {
            return none(source, name, settings, "the target branch " + source.name() + " has no job");
        }
        try {
            Baseline baseline = JobStore.of(job).baseline();
            // A proposal to a branch that has never been built has nothing to be compared with.
            boolean missing = source.changeRequest() && baseline.block(name) == null;
            return missing
                    ? none(source, name, settings, "the target branch has no baseline of a block '" + name + "'")
                    : new ReportBaseline.Reference(
                            source.name(), role, name, baseline.blockOrEmpty(name), baseline.revision(), settings, doubt);
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "cannot compare " + run + " with the baseline of " + source.name());
            return none(source, name, settings, "the baseline cannot be read: " + e.getMessage());
        }
    }

    private static ReportBaseline.Reference none(BaselineSource source, String name, BaselineSettings settings, String why) {
        return new ReportBaseline.Reference(source.name(), "none", name, null, 0, settings, why);
    }

    /** The workspaces of the block, below which a file has the same name in each build. */
    private List<String> roots(Report report) throws IOException {
        List<String> roots = new ArrayList<>();
        for (String[] line : block.store().workspaces().read()) {
            roots.add(line[1]);
        }
        if (roots.isEmpty()) {
            // No sources under version control were found, so that nobody took the workspaces down.
            report.launchDetails.stream()
                    .map(launch -> launch.cwd)
                    .filter(cwd -> cwd != null)
                    .min(Comparator.comparingInt(String::length))
                    .ifPresent(roots::add);
        }
        return roots;
    }
}

package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import io.jenkins.plugins.hardenrunner.engine.baseline.TrendPoint;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.engine.report.ReportJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The stored reports of a job's builds, found through its trend and read from the builds' folders: no build is loaded. */
public final class JobReports {
    private static final Logger LOGGER = Logger.getLogger(JobReports.class.getName());

    private final Job<?, ?> job;
    private final List<TrendPoint> trend;

    private JobReports(Job<?, ?> job, List<TrendPoint> trend) {
        this.job = job;
        this.trend = trend;
    }

    /** What a build saw in the blocks of one name. @param time when the build ended */
    public record Seen(int build, @NonNull String time, @NonNull List<Report.RecommendedEndpoint> endpoints) {}

    /** @param missing builds whose reports are gone or cannot be read */
    public record Last(@NonNull List<Seen> builds, @NonNull List<Integer> missing) {}

    @NonNull
    public static JobReports of(@NonNull Job<?, ?> job) throws IOException {
        return new JobReports(job, JobStore.of(job).trend().points());
    }

    /** The names of the blocks that the builds had, those of the newest build first. */
    @NonNull
    public List<String> blocks() {
        Set<String> names = new LinkedHashSet<>();
        for (int i = trend.size() - 1; i >= 0; i--) {
            trend.get(i).blocks().forEach(block -> names.add(block.name()));
        }
        return List.copyOf(names);
    }

    /** What the newest builds with such a block saw, oldest first. @param most how many builds at the most, missing ones included */
    @NonNull
    public Last last(@NonNull String block, int most) {
        List<Seen> builds = new ArrayList<>();
        List<Integer> missing = new ArrayList<>();
        for (int i = trend.size() - 1; i >= 0 && builds.size() + missing.size() < most; i--) {
            TrendPoint point = trend.get(i);
            List<String> ids = point.blocks().stream().filter(one -> one.name().equals(block)).map(TrendPoint.Block::id).toList();
            if (!ids.isEmpty()) {
                try {
                    builds.add(0, new Seen(point.n(), point.t(), endpoints(point.n(), ids)));
                } catch (NoSuchFileException e) {
                    missing.add(0, point.n());
                } catch (IOException | IllegalArgumentException e) {
                    LOGGER.log(Level.WARNING, e, () -> "cannot read a report of " + job.getFullName() + " #" + point.n());
                    missing.add(0, point.n());
                }
            }
        }
        return new Last(List.copyOf(builds), List.copyOf(missing));
    }

    private List<Report.RecommendedEndpoint> endpoints(int build, List<String> ids) throws IOException {
        List<Report.RecommendedEndpoint> all = new ArrayList<>();
        for (String id : ids) {
            try (InputStream in = BlockStore.openReport(job, build, id)) {
                all.addAll(ReportJson.readRecommendation(in).allowedEndpoints);
            }
        }
        return all;
    }
}

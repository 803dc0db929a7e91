package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import io.jenkins.plugins.hardenrunner.engine.baseline.Baseline;
import io.jenkins.plugins.hardenrunner.engine.baseline.BaselineJson;
import io.jenkins.plugins.hardenrunner.engine.baseline.BaselineSettings;
import io.jenkins.plugins.hardenrunner.engine.baseline.JobSummary;
import io.jenkins.plugins.hardenrunner.engine.baseline.Trend;
import io.jenkins.plugins.hardenrunner.storage.AtomicFiles;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * What a job remembers: {@code <job>/harden-runner/}. It moves with the job and is deleted with it; a copy of a job
 * starts without, since Jenkins copies only its configuration.
 */
public final class JobStore {
    private static final String BASELINE = "baseline.json";
    private static final String TREND = "trend.json";
    private static final String SUMMARY = "summary.json";

    /** Jobs share locks by their names' hashes: enough for builds that end at once, without a list that grows. */
    private static final Object[] LOCKS = new Object[64];

    static {
        for (int i = 0; i < LOCKS.length; i++) {
            LOCKS[i] = new Object();
        }
    }

    private final Job<?, ?> job;

    private JobStore(Job<?, ?> job) {
        this.job = job;
    }

    @NonNull
    public static JobStore of(@NonNull Job<?, ?> job) {
        return new JobStore(job);
    }

    /** Asked for anew each time: the job may be renamed. */
    private Path folder() {
        return job.getRootDir().toPath().resolve("harden-runner");
    }

    private Object lock() {
        return LOCKS[Math.floorMod(job.getFullName().hashCode(), LOCKS.length)];
    }

    /** Whether a build of the job ever entered a block. */
    public boolean exists() {
        return Files.isRegularFile(folder().resolve(SUMMARY));
    }

    /**
     * The job's own baseline.
     *
     * @throws IOException if there is one that cannot be read; it is never taken for an empty one
     */
    @NonNull
    public Baseline baseline() throws IOException {
        try (InputStream in = open(BASELINE)) {
            return in == null ? Baseline.EMPTY : BaselineJson.read(in);
        }
    }

    /**
     * Replaces the baseline by what the function makes of it. Nobody else changes it meanwhile.
     *
     * @return the new one
     */
    @NonNull
    public Baseline update(@NonNull UnaryOperator<Baseline> change) throws IOException {
        synchronized (lock()) {
            Baseline after = change.apply(baseline());
            AtomicFiles.write(folder().resolve(BASELINE), out -> BaselineJson.write(after, out));
            return after;
        }
    }

    @NonNull
    public Trend trend() throws IOException {
        try (InputStream in = open(TREND)) {
            return in == null ? Trend.EMPTY : BaselineJson.read(in, Trend.class);
        }
    }

    /** Replaces trend and summary by what the functions make of them; the summary may be null before. */
    void update(@NonNull UnaryOperator<Trend> trend, @NonNull UnaryOperator<JobSummary> summary) throws IOException {
        synchronized (lock()) {
            Trend after = trend.apply(trend());
            JobSummary brief = summary.apply(summary());
            AtomicFiles.write(folder().resolve(TREND), out -> BaselineJson.write(after, out));
            AtomicFiles.write(folder().resolve(SUMMARY), out -> BaselineJson.write(brief, out));
        }
    }

    /** Brings the summary up to date with a baseline that a person has changed. */
    public void summarise(@NonNull Baseline baseline, @NonNull BaselineSettings settings) throws IOException {
        synchronized (lock()) {
            JobSummary before = summary();
            JobSummary after = before == null
                    ? new JobSummary(null, baseline.state(settings), baseline.deviations(), false, List.of())
                    : new JobSummary(before.last(), baseline.state(settings), baseline.deviations(), before.changeRequest(), before.nodes());
            AtomicFiles.write(folder().resolve(SUMMARY), out -> BaselineJson.write(after, out));
        }
    }

    /** The job in a few lines; null if no build ever entered a block. */
    @CheckForNull
    public JobSummary summary() throws IOException {
        try (InputStream in = open(SUMMARY)) {
            return in == null ? null : BaselineJson.read(in, JobSummary.class);
        }
    }

    @CheckForNull
    private InputStream open(String name) throws IOException {
        try {
            return new BufferedInputStream(Files.newInputStream(folder().resolve(name)));
        } catch (NoSuchFileException e) {
            return null;
        }
    }
}

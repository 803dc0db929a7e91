package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.hardenrunner.config.BaselineConfiguration;
import io.jenkins.plugins.hardenrunner.engine.baseline.Baseline;
import io.jenkins.plugins.hardenrunner.engine.baseline.BaselineSettings;
import io.jenkins.plugins.hardenrunner.engine.baseline.BaselineState;
import io.jenkins.plugins.hardenrunner.engine.baseline.JobSummary;
import io.jenkins.plugins.hardenrunner.engine.baseline.Learning;
import io.jenkins.plugins.hardenrunner.engine.baseline.Observation;
import io.jenkins.plugins.hardenrunner.engine.baseline.TrendPoint;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a build that has completed leaves in its job: what it taught, and its point in the trend. */
final class JobRecord {
    private final Run<?, ?> run;
    private final Job<?, ?> job;
    private final JobStore store;
    private final BaselineSettings settings = BaselineConfiguration.get().settings();
    private final Instant now = Instant.now();

    JobRecord(@NonNull Run<?, ?> run) {
        this.run = run;
        this.job = run.getParent();
        this.store = JobStore.of(job);
    }

    /** Called once for each build, when its result is known and all its blocks have ended. */
    void write(@NonNull TaskListener listener) throws IOException, InterruptedException {
        List<BlockResult> results = results();
        if (results.isEmpty() && !store.exists()) {
            return; // a job that has nothing to do with us
        }
        BaselineSource source = BaselineSource.of(job);
        Baseline baseline = source.changeRequest() || results.isEmpty() ? store.baseline() : learn(results, source, listener);
        TrendPoint point = TrendPoint.of(
                run.getNumber(), now, String.valueOf(run.getResult()), results.stream().map(BlockResult::counts).toList());
        List<JobSummary.Node> nodes = new ArrayList<>();
        results.forEach(result -> nodes.addAll(result.nodes()));
        store.update(trend -> trend.with(point), before -> {
            // Builds can end out of order; the summary is about the newest.
            boolean newest = before == null || before.last() == null || before.last().n() <= point.n();
            return newest
                    ? new JobSummary(point, state(baseline), baseline.deviations(), source.changeRequest(), nodes)
                    : new JobSummary(before.last(), state(baseline), baseline.deviations(), source.changeRequest(), before.nodes());
        });
        for (String id : BlockStore.ids(run)) {
            BlockStore.of(run, id).deleteResult();
        }
    }

    private List<BlockResult> results() throws IOException {
        List<BlockResult> results = new ArrayList<>();
        for (String id : BlockStore.ids(run)) {
            BlockResult result = BlockStore.of(run, id).readResult();
            if (result != null) {
                results.add(result);
            }
        }
        return results;
    }

    private Baseline learn(List<BlockResult> results, BaselineSource source, TaskListener listener)
            throws IOException, InterruptedException {
        boolean trusted = Result.SUCCESS.equals(run.getResult()) && Trust.doubt(run, source, listener).isEmpty();
        Map<String, Observation> observed = new LinkedHashMap<>();
        results.forEach(result -> observed.merge(result.name(), result.observed(), Observation::merge));
        return store.update(baseline ->
                baseline.record(observed, settings, new Learning.Build(run.getNumber(), now, trusted)));
    }

    private BaselineState state(Baseline baseline) {
        return baseline.state(settings);
    }
}

package io.jenkins.plugins.hardenrunner.ui;

import com.fasterxml.jackson.annotation.JsonInclude;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import io.jenkins.plugins.hardenrunner.collect.JobStore;
import io.jenkins.plugins.hardenrunner.engine.baseline.BaselineState;
import io.jenkins.plugins.hardenrunner.engine.baseline.JobSummary;
import io.jenkins.plugins.hardenrunner.engine.baseline.TrendPoint;
import io.jenkins.plugins.hardenrunner.node.AgentProbe;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The data of the view of all jobs, as docs/baseline.md has it: one small file read for each job, no build. */
record AllJobs(int schema, String generated, Map<String, Long> totals, List<Row> jobs, List<Agent> agents) {
    private static final Logger LOGGER = Logger.getLogger(AllJobs.class.getName());

    /** A job. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Row(
            String name,
            String displayName,
            String url,
            String supervision,
            String state,
            String verdict,
            BaselineState baseline,
            Integer deviations,
            Boolean changeRequest,
            TrendPoint last) {
        static Row of(JobPage.JobName job, JobSummary summary) {
            if (summary == null || summary.last() == null) {
                return new Row(job.name(), job.displayName(), job.url(), "never", null, null, null, null, null, null);
            }
            TrendPoint last = summary.last();
            return new Row(job.name(), job.displayName(), job.url(), summary.supervised() ? "supervised" : "not-supervised",
                    last.state(), last.verdict(), summary.baseline(), summary.deviations(), summary.changeRequest(), last);
        }
    }

    /**
     * An agent that could not protect everything, with the newest build in which that was seen; without one if only its
     * own answer says so.
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Agent(String name, String state, List<JobSummary.Missing> missing, String job, int n, String t, int jobs) {
        Agent merge(Agent other) {
            Agent newer = t.compareTo(other.t) >= 0 ? this : other;
            return new Agent(name, newer.state, newer.missing, newer.job, newer.n, newer.t, jobs + other.jobs);
        }
    }

    @NonNull
    static AllJobs of(
            @NonNull Iterable<? extends Job<?, ?>> all,
            @NonNull Map<String, AgentProbe> probes,
            @NonNull String contextPath) {
        List<Row> rows = new ArrayList<>();
        Map<String, Agent> agents = new LinkedHashMap<>();
        for (Job<?, ?> job : all) {
            JobSummary summary = summary(job);
            rows.add(Row.of(JobPage.JobName.of(job, contextPath), summary));
            if (summary != null && summary.last() != null) {
                for (JobSummary.Node node : summary.nodes()) {
                    if (!"enforced".equals(node.state())) {
                        Agent agent = new Agent(node.name(), node.state(), node.missing(), job.getFullName(), summary.last().n(),
                                summary.last().t(), 1);
                        agents.merge(node.name(), agent, Agent::merge);
                    }
                }
            }
        }
        probes.forEach((name, probe) -> {
            if (!"enforced".equals(probe.state())) {
                agents.putIfAbsent(name, new Agent(name, probe.state(), probe.missing(), null, 0, probe.when().toString(), 0));
            }
        });
        return new AllJobs(1, Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), totals(rows), rows, new ArrayList<>(agents.values()));
    }

    private static JobSummary summary(Job<?, ?> job) {
        try {
            return JobStore.of(job).summary();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "cannot read the summary of " + job.getFullName());
            return null;
        }
    }

    private static Map<String, Long> totals(List<Row> rows) {
        Map<String, Long> totals = new LinkedHashMap<>();
        totals.put("jobs", (long) rows.size());
        totals.put("supervised", count(rows, row -> row.supervision.equals("supervised")));
        totals.put("notSupervised", count(rows, row -> row.supervision.equals("not-supervised")));
        totals.put("never", count(rows, row -> row.supervision.equals("never")));
        for (BaselineState state : List.of(BaselineState.CREATING, BaselineState.STABLE, BaselineState.UNSTABLE)) {
            totals.put(state.token(), count(rows, row -> row.baseline == state));
        }
        totals.put("deviations", count(rows, row -> row.deviations != null && row.deviations > 0));
        totals.put("violated", count(rows, row -> "violated".equals(row.verdict)));
        totals.put("degraded", count(rows, row -> "degraded".equals(row.state)));
        return totals;
    }

    private static long count(List<Row> rows, Predicate<Row> which) {
        return rows.stream().filter(which).count();
    }
}

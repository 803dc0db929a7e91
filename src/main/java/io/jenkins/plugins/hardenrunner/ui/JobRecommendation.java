package io.jenkins.plugins.hardenrunner.ui;

import com.fasterxml.jackson.annotation.JsonInclude;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.model.Job;
import io.jenkins.plugins.hardenrunner.collect.BaselineSource;
import io.jenkins.plugins.hardenrunner.collect.JobReports;
import io.jenkins.plugins.hardenrunner.collect.JobStore;
import io.jenkins.plugins.hardenrunner.engine.baseline.BaselinePolicy;
import io.jenkins.plugins.hardenrunner.engine.baseline.BlockBaseline;
import io.jenkins.plugins.hardenrunner.engine.policy.Endpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.ExfilCapable;
import io.jenkins.plugins.hardenrunner.engine.recommend.Decisions;
import io.jenkins.plugins.hardenrunner.engine.recommend.Recommendation;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The smallest policy for what the last builds of a job saw, as docs/baseline.md has it. Loads no build. */
record JobRecommendation(
        int schema,
        String block,
        List<String> blocks,
        List<Build> builds,
        List<Integer> missing,
        List<Entry> entries,
        String text,
        String jenkinsfile,
        String jcasc,
        String github) {

    /** How many builds are looked at if nobody says. */
    static final int DEFAULT_BUILDS = 10;
    /** The most; each is a report to read. */
    static final int MOST_BUILDS = 100;

    private static final int NAME = 64;

    /** A build that the recommendation rests on. */
    record Build(int n, String t) {}

    /** One endpoint, with its evidence. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Entry(
            String endpoint, long count, int builds, String firstSeen, String lastSeen, String note, String risk, List<String> collapsed) {
        static Entry of(Recommendation.Entry entry) {
            ExfilCapable.Mark mark = ExfilCapable.of(entry.endpoint());
            return new Entry(entry.endpoint().toString(), entry.count(), entry.builds(), entry.firstSeen(), entry.lastSeen(),
                    entry.note(), mark == null ? null : mark.toString(), entry.collapsed().isEmpty() ? null : entry.collapsed());
        }
    }

    /**
     * @param block one of the names that {@link JobReports#blocks} gives
     * @param most how many builds at the most
     */
    @NonNull
    static JobRecommendation of(@NonNull Job<?, ?> job, @NonNull JobReports reports, @NonNull String block, int most) throws IOException {
        JobReports.Last last = reports.last(block, most);
        Decisions decisions = decisions(job, block);
        List<List<Recommendation.Observed>> builds = new ArrayList<>();
        for (JobReports.Seen seen : last.builds()) {
            List<Recommendation.Observed> observed = new ArrayList<>();
            for (Report.RecommendedEndpoint entry : seen.endpoints()) {
                observed.add(decisions.of(new Recommendation.Observed(
                        Endpoint.parse(entry.endpoint), entry.count, entry.firstSeen, entry.lastSeen, entry.note)));
            }
            builds.add(observed);
        }
        Recommendation recommendation = Recommendation.ofBuilds(builds);
        return new JobRecommendation(
                1,
                block,
                reports.blocks(),
                last.builds().stream().map(seen -> new Build(seen.build(), seen.time())).toList(),
                last.missing(),
                recommendation.entries().stream().map(Entry::of).toList(),
                recommendation.text(),
                recommendation.jenkinsfile(),
                recommendation.jcasc(policyName(job.getFullName())),
                recommendation.github());
    }

    /** A text of the wanted form; null if there is no such form. */
    String form(@NonNull String name) {
        return switch (name) {
            case "text" -> text;
            case "jenkinsfile" -> jenkinsfile;
            case "jcasc" -> jcasc;
            case "github" -> github;
            default -> null;
        };
    }

    private static Decisions decisions(Job<?, ?> job, String block) throws IOException {
        Job<?, ?> owner = BaselineSource.of(job).job();
        // Who may see a proposal need not see the branch that it is for.
        BlockBaseline baseline = owner == null || !owner.hasPermission(Item.READ) ? null : JobStore.of(owner).baseline().block(block);
        return baseline == null
                ? Decisions.NONE
                : new Decisions(BaselinePolicy.allowed(baseline, Instant.now()), BaselinePolicy.blocked(baseline), BaselinePolicy.waiting(baseline));
    }

    /** The job's name as that of a policy. */
    static String policyName(@NonNull String job) {
        String name = job.replaceAll("[^A-Za-z0-9._-]+", "-").replaceFirst("^[^A-Za-z0-9]+", "");
        return name.isEmpty() ? "recommended" : name.substring(0, Math.min(NAME, name.length()));
    }
}

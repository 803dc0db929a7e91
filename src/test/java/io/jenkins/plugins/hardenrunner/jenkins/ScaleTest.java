package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import hudson.model.Result;
import io.jenkins.plugins.hardenrunner.collect.JobStore;
import io.jenkins.plugins.hardenrunner.engine.baseline.Baseline;
import io.jenkins.plugins.hardenrunner.engine.baseline.BaselineEntry;
import io.jenkins.plugins.hardenrunner.engine.baseline.BaselineJson;
import io.jenkins.plugins.hardenrunner.engine.baseline.BlockBaseline;
import io.jenkins.plugins.hardenrunner.engine.baseline.Subject;
import io.jenkins.plugins.hardenrunner.engine.baseline.Trend;
import io.jenkins.plugins.hardenrunner.engine.baseline.TrendPoint;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Jobs with many builds, and many jobs: pages read what was stored for them, and no build. */
@WithJenkins
class ScaleTest {
    private static final int BUILDS = 1_000;

    @Test
    void pagesOfAJobWithManyBuildsLoadNoneOfThem(JenkinsRule r) throws Exception {
        WorkflowJob job = withBuilds(r);
        Reviews reviews = new Reviews(r, null);
        reviews.get("manage/harden-runner/data");
        assertThat(loaded(job), is(Set.of()));
        // Jenkins itself looks at the last successful build whenever it resolves an address below a job.
        reviews.get(job.getUrl() + "no-such-page");
        Set<Integer> byJenkins = loaded(job);
        assertThat(byJenkins.size(), lessThan(2));

        JSONObject data = reviews.data(job);
        assertThat(data.getJSONArray("trend").size(), is(BUILDS));
        assertThat(Reviews.block(data).getJSONArray("entries").size(), is(400));
        assertThat(loaded(job), is(byJenkins));
        JenkinsRule.WebClient client = r.createWebClient().withJavaScriptEnabled(false);
        client.getOptions().setCssEnabled(false);
        assertThat(client.getPage(job, "harden-runner").getElementById("harden-runner-job") != null, is(true));
        assertThat(loaded(job), is(byJenkins));
        // The map does tell: whoever asks for a build finds it there.
        assertThat(job.getBuildByNumber(500).getNumber(), is(500));
        assertThat(loaded(job), hasItem(500));

        long dataMillis = fastest("data of the job page", () -> reviews.get(job.getUrl() + "harden-runner/data"));
        long pageMillis = fastest("job page", () -> client.goTo(job.getUrl() + "harden-runner/"));
        assertThat(dataMillis, lessThan(300L));
        assertThat(pageMillis, lessThan(300L));
    }

    @Test
    void viewOfManyJobsReadsTheirSummaries(JenkinsRule r) throws Exception {
        WorkflowJob job = withBuilds(r);
        byte[] summary = Files.readAllBytes(job.getRootDir().toPath().resolve("harden-runner/summary.json"));
        for (int i = 0; i < 300; i++) {
            WorkflowJob other = r.createProject(WorkflowJob.class);
            Path folder = Files.createDirectories(other.getRootDir().toPath().resolve("harden-runner"));
            Files.write(folder.resolve("summary.json"), summary);
        }
        Reviews reviews = new Reviews(r, null);
        JSONObject data = JSONObject.fromObject(reviews.get("manage/harden-runner/data").getContentAsString());
        assertThat(data.getJSONObject("totals").getInt("supervised"), is(301));
        assertThat(fastest("view of 301 jobs", () -> reviews.get("manage/harden-runner/data")), lessThan(1_000L));
    }

    private static Set<Integer> loaded(WorkflowJob job) {
        return Set.copyOf(job.getLazyBuildMixIn().getRunMap().getLoadedBuilds().keySet());
    }

    /** The fastest of twenty, in milliseconds: the others say more about what else runs on the machine. */
    private static long fastest(String what, Callable<?> request) throws Exception {
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            long begin = System.nanoTime();
            request.call();
            millis.add((System.nanoTime() - begin) / 1_000_000);
        }
        List<Long> sorted = millis.stream().sorted().toList();
        System.out.println(what + ": fastest " + sorted.get(0) + " ms, median " + sorted.get(10) + " ms");
        return sorted.get(0);
    }

    /** A job whose first build was copied as often as it takes, not yet loaded. */
    private static WorkflowJob withBuilds(JenkinsRule r) throws Exception {
        WorkflowRun first = Builds.run(r, Result.SUCCESS, "node { hardenRunner { sh 'true' } }");
        WorkflowJob job = first.getParent();
        Path original = first.getRootDir().toPath();
        for (int n = 2; n <= BUILDS; n++) {
            Path copy = Files.createDirectory(original.resolveSibling(Integer.toString(n)));
            try (Stream<Path> files = Files.list(original)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Files.copy(file, copy.resolve(file.getFileName()));
                }
            }
        }
        job.updateNextBuildNumber(BUILDS + 1);
        List<TrendPoint> points = new ArrayList<>();
        List<BaselineEntry> entries = new ArrayList<>();
        String now = "2026-11-23T12:00:00Z";
        for (int n = 1; n <= BUILDS; n++) {
            points.add(TrendPoint.of(n, Instant.parse(now), "SUCCESS", List.of(
                    new TrendPoint.Counts("0123456789abcdef", "default", "ok", "enforced", 3, 40, 0, 0, 0, 1, 0))));
        }
        for (int i = 0; i < 400; i++) {
            entries.add(new BaselineEntry(Subject.endpoint("tcp", "h" + i + ".test", 443), List.of("node npm"), now, 1, now, 1, 5, null));
        }
        BlockBaseline block = new BlockBaseline("default", 5, BUILDS, null, entries, List.of(), List.of());
        Path folder = job.getRootDir().toPath().resolve("harden-runner");
        write(folder.resolve("trend.json"), new Trend(points));
        write(folder.resolve("baseline.json"), new Baseline(1, List.of(block), List.of()));
        String name = job.getFullName();
        r.jenkins.reload();
        WorkflowJob loaded = r.jenkins.getItemByFullName(name, WorkflowJob.class);
        assertThat(JobStore.of(loaded).exists(), is(true));
        return loaded;
    }

    private static void write(Path file, Object document) throws Exception {
        try (OutputStream out = Files.newOutputStream(file)) {
            BaselineJson.write(document, out);
        }
    }
}

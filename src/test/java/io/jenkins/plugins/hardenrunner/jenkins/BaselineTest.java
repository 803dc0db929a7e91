package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;

import hudson.model.Item;
import hudson.model.Result;
import io.jenkins.plugins.hardenrunner.collect.JobStore;
import io.jenkins.plugins.hardenrunner.config.HardenRunnerConfiguration;
import io.jenkins.plugins.hardenrunner.engine.baseline.Baseline;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import jenkins.scm.api.SCMHead;
import jenkins.scm.api.mixin.ChangeRequestSCMHead;
import net.sf.json.JSONObject;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What jobs learn, what deviates, and what people decide about it. */
@WithJenkins
class BaselineTest {
    private JenkinsRule r;
    private Local registry;
    private Local pastebin;

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        r = rule;
        registry = new Local();
        pastebin = new Local();
    }

    @AfterEach
    void stop() {
        registry.close();
        pastebin.close();
    }

    /** In a multibranch project the jobs are branches; here their names say what they are of. */
    @TestExtension
    public static final class Heads extends SCMHead.HeadByItem {
        @Override
        public SCMHead getHead(Item item) {
            if (item.getName().startsWith("PR-")) {
                return new ChangeRequest(item.getName());
            }
            return item.getName().equals("main") ? new SCMHead("main") : null;
        }
    }

    /** A proposal to the branch main. */
    public static final class ChangeRequest extends SCMHead implements ChangeRequestSCMHead {
        private static final long serialVersionUID = 1L;

        ChangeRequest(String name) {
            super(name);
        }

        @Override
        public String getId() {
            return getName().substring(3);
        }

        @Override
        public SCMHead getTarget() {
            return new SCMHead("main");
        }
    }

    private String clean() {
        return script("", registry.curl());
    }

    private String evil() {
        return script("onDeviation: 'unstable', ", registry.curl() + "\\n" + pastebin.curl());
    }

    private static String script(String options, String commands) {
        return "node { hardenRunner(" + options + "loopback: 'own') { sh '''" + commands.replace("\\n", "\n") + "''' } }";
    }

    private WorkflowRun build(WorkflowJob job, Result expected, String script) throws Exception {
        job.setDefinition(new CpsFlowDefinition(script, true));
        return r.buildAndAssertStatus(expected, job);
    }

    private WorkflowJob stable(String name) throws Exception {
        WorkflowJob job = r.createProject(WorkflowJob.class, name);
        for (int n = 1; n <= 5; n++) {
            build(job, Result.SUCCESS, clean());
        }
        return job;
    }

    private static Baseline baseline(WorkflowJob job) throws Exception {
        return JobStore.of(job).baseline();
    }

    @Test
    void fiveCleanBuildsThenADeviationThatIsAcceptedAndAChangeRequestThatDoesNotTeach() throws Exception {
        WorkflowJob main = r.createProject(WorkflowJob.class, "main");
        Reviews reviews = new Reviews(r, null);
        for (int n = 1; n <= 5; n++) {
            WorkflowRun b = build(main, Result.SUCCESS, clean());
            assertThat(Builds.report(b).verdict, is("ok"));
            assertThat(Builds.report(b).endpoints.get(0).baseline, is(n == 1 ? "learning" : "known"));
            assertThat(Reviews.block(reviews.data(main)).getString("state"), is(n < 5 ? "creating" : "stable"));
        }

        // A change request with the call of a stranger deviates, and teaches neither its target nor itself.
        WorkflowJob proposal = r.createProject(WorkflowJob.class, "PR-1");
        Baseline before = baseline(main);
        for (int n = 1; n <= 6; n++) {
            WorkflowRun b = build(proposal, Result.UNSTABLE, evil());
            Report report = Builds.report(b);
            assertThat(report.verdict, is("deviates"));
            assertThat(report.baseline.role, is("target"));
            assertThat(report.baseline.job, is("main"));
            assertThat(report.baseline.why, containsString("change request"));
            assertThat(report.deviations.get(0).builds, is(1L));
        }
        assertThat(baseline(main), is(before));
        assertThat(baseline(proposal), is(Baseline.EMPTY));
        assertThat(Builds.report(build(proposal, Result.SUCCESS, clean())).verdict, is("ok"));

        // The same call on the branch itself.
        WorkflowRun deviating = build(main, Result.UNSTABLE, evil());
        Report report = Builds.report(deviating);
        assertThat(report.verdict, is("deviates"));
        // The host is the name that the machine gives its loopback address, if it gives any.
        assertThat(pastebin.endpoint(), endsWith(":" + report.deviations.get(0).port));
        r.assertLogContains("Not in the baseline: " + report.deviations.get(0).label + " was contacted by curl", deviating);
        JSONObject block = Reviews.block(reviews.data(main));
        assertThat(block.getJSONArray("deviations").size(), is(1));
        assertThat("nothing is learned silently", Builds.report(build(main, Result.UNSTABLE, evil())).deviations.get(0).builds, is(2L));

        // A person accepts it; the next build is as usual.
        String id = block.getJSONArray("deviations").getJSONObject(0).getString("id");
        assertThat(reviews.post(main, "accept", "block", "default", "id", id, "comment", "ticket 7").getStatusCode(), is(200));
        WorkflowRun next = build(main, Result.SUCCESS, evil());
        assertThat(Builds.report(next).verdict, is("ok"));
        assertThat(Builds.report(next).endpoints.get(1).baseline, is("accepted"));
        JSONObject data = reviews.data(main);
        assertThat(Reviews.block(data).getString("state"), is("unstable"));
        JSONObject change = data.getJSONArray("changelog").getJSONObject(0);
        assertThat(change.getString("action") + " " + change.getString("comment") + " " + change.getInt("build"), is("accept ticket 7 7"));
        assertThat(data.getJSONArray("trend").size(), is(8));
        assertThat(Builds.report(build(proposal, Result.SUCCESS, evil())).verdict, is("ok"));
    }

    @Test
    void buildsThatFailOrAreReplaysOfSomethingElseDoNotTeach() throws Exception {
        WorkflowJob job = r.createProject(WorkflowJob.class, "job");
        build(job, Result.FAILURE, script("", registry.curl() + "\\nexit 1"));
        build(job, Result.UNSTABLE, clean() + "; unstable 'tests'");
        assertThat(baseline(job).block("default").builds(), is(0));
        assertThat(baseline(job).block("default").entries(), empty());
        build(job, Result.SUCCESS, clean());
        assertThat(baseline(job).block("default").builds(), is(1));
    }

    @Test
    void unwantedEndpointsAreBlockedForTheJobFromThenOnAlsoInAudit() throws Exception {
        WorkflowJob job = stable("job");
        WorkflowRun b = build(job, Result.UNSTABLE, evil());
        Reviews reviews = new Reviews(r, null);
        String id = Builds.report(b).deviations.get(0).id;
        assertThat(reviews.post(job, "unwanted", "block", "default", "id", id, "comment", "exfiltration").getStatusCode(), is(200));
        int reached = pastebin.requests();
        WorkflowRun next = build(job, Result.FAILURE, evil());
        assertThat(pastebin.requests(), is(reached));
        Report report = Builds.report(next);
        assertThat(report.verdict, is("violated"));
        assertThat(report.endpoints.get(1).baseline, is("unwanted"));
        assertThat(report.policy.rules.get(0).origin, is("accepted baseline of 'job'"));
        r.assertLogContains("exfiltration", next);
    }

    @Test
    void acceptedEndpointsAreAllowedInBlockIfTheAdministratorLetsThem() throws Exception {
        WorkflowJob job = stable("job");
        String block = script("egressPolicy: 'block', ", registry.curl());
        build(job, Result.FAILURE, block);
        new Reviews(r, null).post(job, "acceptAll", "block", "default");
        HardenRunnerConfiguration.get().setBaselineAllows(false);
        build(job, Result.FAILURE, block);
        HardenRunnerConfiguration.get().setBaselineAllows(true);
        assertThat(Builds.report(build(job, Result.SUCCESS, block)).endpoints.get(0).verdict, is("allowed"));
    }

    @Test
    void blocksHaveTheNamesOfTheirStagesOrTheirOwn() throws Exception {
        WorkflowJob job = r.createProject(WorkflowJob.class, "job");
        build(job, Result.SUCCESS, "node { stage('Build') { parallel linux: { hardenRunner { sh 'true' } }, other: {"
                + " hardenRunner(name: 'mine') { sh 'true' } } } }");
        assertThat(baseline(job).blocks().stream().map(block -> block.name()).sorted().toList().toString(), is("[Build/linux, mine]"));
    }

    @Test
    void baselineMovesWithItsJobAndIsNotCopied() throws Exception {
        WorkflowJob job = stable("job");
        Baseline before = baseline(job);
        job.renameTo("renamed");
        assertThat(baseline(job), is(before));
        WorkflowJob copy = r.jenkins.copy(job, "copy");
        assertThat(baseline(copy), is(Baseline.EMPTY));
        assertThat(Builds.report(build(job, Result.UNSTABLE, evil())).verdict, is("deviates"));

        Reviews reviews = new Reviews(r, null);
        build(copy, Result.SUCCESS, "node { hardenRunner { sh 'true' } }");
        assertThat(reviews.post(copy, "seed", "from", "renamed").getStatusCode(), is(200));
        assertThat(Builds.report(build(copy, Result.UNSTABLE, evil())).verdict, is("deviates"));
        Path folder = job.getRootDir().toPath();
        job.delete();
        assertThat(Files.exists(folder), is(false));
    }

    @Test
    void deletedBuildsLeaveTheTrendAndStayLearned() throws Exception {
        WorkflowJob job = stable("job");
        job.getBuildByNumber(2).delete();
        assertThat(JobStore.of(job).trend().points().stream().map(point -> point.n()).toList().toString(), is("[1, 3, 4, 5]"));
        assertThat(baseline(job).block("default").builds(), is(5));
    }

    @Test
    void damagedBaselineIsNeverTakenForAnEmptyOne() throws Exception {
        WorkflowJob job = stable("job");
        Path file = job.getRootDir().toPath().resolve("harden-runner/baseline.json");
        Files.writeString(file, "{\"format\":\"harden-runner-baseline\",");
        WorkflowRun b = build(job, Result.FAILURE, clean());
        r.assertLogContains("the baseline of job cannot be read", b);
        assertThat(Files.readString(file).length(), is(35));
    }

    @Test
    void jobsWithoutBlocksAreLeftAlone() throws Exception {
        WorkflowJob job = r.createProject(WorkflowJob.class, "job");
        build(job, Result.SUCCESS, "echo 'hello'");
        assertThat(Files.exists(job.getRootDir().toPath().resolve("harden-runner")), is(false));
        assertThat(job.getAction(io.jenkins.plugins.hardenrunner.ui.JobTab.class) == null, is(true));
    }
}

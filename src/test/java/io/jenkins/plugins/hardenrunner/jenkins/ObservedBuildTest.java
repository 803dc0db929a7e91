package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.Slave;
import hudson.tasks.Shell;
import io.jenkins.plugins.hardenrunner.config.HardenRunnerConfiguration;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.node.HardenRunnerAgents;
import io.jenkins.plugins.hardenrunner.node.HardenRunnerNodeProperty;
import io.jenkins.plugins.hardenrunner.step.HardenRunnerStep;
import io.jenkins.plugins.hardenrunner.ui.BlockSummary;
import io.jenkins.plugins.hardenrunner.wrapper.HardenRunnerBuildWrapper;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Agents on which all builds are supervised, without a change to the job. */
@WithJenkins
class ObservedBuildTest {
    private JenkinsRule r;
    private Local server;
    private Slave agent;

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        r = rule;
        server = new Local();
        agent = r.createOnlineSlave(r.jenkins.getLabel("observed"));
        HardenRunnerConfiguration.get().setLoopback("own");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void property(String egressPolicy, String excluded) throws Exception {
        HardenRunnerNodeProperty property = new HardenRunnerNodeProperty(egressPolicy);
        property.setExcludedJobs(excluded);
        agent.getNodeProperties().replace(property);
    }

    @Test
    void everyStepOnTheAgentIsSupervised() throws Exception {
        property("audit", null);
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node('observed') { sh '" + server.curl() + "'; dir('x') { sh 'true' }\n"
                + "withEnv(['HARDEN_RUNNER_STEP=1']) { sh 'env | grep HARDEN_RUNNER || echo clean' } }\n"
                + "node('built-in') { sh 'true' }");
        assertThat(server.requests(), is(1));
        r.assertLogContains("clean", b);
        Report report = Builds.report(b);
        assertThat(report.launches, is(3));
        assertThat(report.state, is("enforced"));
        assertThat(report.endpoints.get(0).verdict, is("would-block"));
        assertThat(report.launchDetails.get(0).step, startsWith("sh"));
        r.assertLogContains("[harden-runner] ", b);
    }

    @Test
    void blockRefusesOnTheAgent() throws Exception {
        property("block", null);
        WorkflowRun b = Builds.run(r, Result.SUCCESS,
                "node('observed') { sh(returnStatus: true, script: '" + server.curl() + "') }");
        assertThat(server.requests(), is(0));
        assertThat(Builds.report(b).verdict, is("violated"));
        HardenRunnerConfiguration.get().setAllowedEndpoints(server.endpoint());
        Builds.run(r, Result.SUCCESS, "node('observed') { sh '" + server.curl() + "' }");
        assertThat(server.requests(), is(1));
    }

    @Test
    void excludedJobsAreLeftAlone() throws Exception {
        var job = Builds.job(r, "node('observed') { sh 'true' }");
        property("audit", "other\n" + job.getFullName());
        assertThat(Builds.blocks(r.buildAndAssertSuccess(job)), empty());
        property("audit", "other");
        assertThat(Builds.report(r.buildAndAssertSuccess(job)).launches, is(1));
    }

    /** A variable of the build's own making must not name another job. */
    @Test
    void variablesDoNotExclude() throws Exception {
        property("audit", "excluded");
        WorkflowRun b = Builds.run(r, Result.SUCCESS,
                "node('observed') { withEnv(['JOB_NAME=excluded', 'BUILD_URL=x']) { sh 'true' } }");
        assertThat(Builds.report(b).launches, is(1));
    }

    @Test
    void settingForAllAgentsKnowsLabels() throws Exception {
        HardenRunnerAgents all = HardenRunnerAgents.get();
        all.setEgressPolicy("audit");
        all.setLabels("observed && !trusted");
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node('observed') { sh 'true' }\nnode('built-in') { sh 'true' }");
        assertThat(Builds.report(b).launches, is(1));
        all.setLabels("");
        b = Builds.run(r, Result.SUCCESS, "node('observed') { sh 'true' }\nnode('built-in') { sh 'true' }");
        assertThat(Builds.report(b).launches, is(2));
        all.setEgressPolicy("off");
        assertThat(Builds.blocks(Builds.run(r, Result.SUCCESS, "node('observed') { sh 'true' }")), empty());
    }

    @Test
    void stricterSettingDecides() throws Exception {
        property("block", null);
        HardenRunnerAgents.get().setEgressPolicy("audit");
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node('observed') { sh 'true' }");
        assertThat(Builds.report(b).policy.egressPolicy, is("block"));
    }

    @Test
    void freestyleBuildsAreSupervisedToTheirPostBuildActions() throws Exception {
        property("audit", null);
        FreeStyleProject job = r.createFreeStyleProject();
        job.setAssignedNode(agent);
        job.getBuildersList().add(new Shell("true"));
        job.getPublishersList().add(new LaunchingPublisher("true"));
        FreeStyleBuild b = r.buildAndAssertSuccess(job);
        assertThat(Builds.report(b).launches, is(2));
    }

    @Test
    void blockOfTheJobSupervisesItsOwnCommands() throws Exception {
        property("audit", null);
        WorkflowRun b = Builds.run(r, Result.FAILURE, "node('observed') { sh 'true'\n"
                + "hardenRunner(egressPolicy: 'block') { sh(returnStatus: true, script: '" + server.curl() + "') } }");
        assertThat(server.requests(), is(0));
        assertThat(Builds.blocks(b).stream().map(BlockSummary::getLaunches).sorted().toList(), contains(1, 1));
    }

    @Test
    void wrapperOfTheJobSupervisesItsBuildSteps() throws Exception {
        property("audit", null);
        FreeStyleProject job = r.createFreeStyleProject();
        job.setAssignedNode(agent);
        job.getBuildWrappersList().add(new HardenRunnerBuildWrapper(new HardenRunnerStep()));
        job.getBuildersList().add(new Shell("true"));
        FreeStyleBuild b = r.buildAndAssertSuccess(job);
        assertThat(Builds.report(b).launches, is(1));
    }

    @Test
    void blockOfTheJobCannotWeakenTheAgent() throws Exception {
        property("block", null);
        WorkflowRun b = Builds.run(r, Result.FAILURE,
                "node('observed') { hardenRunner(egressPolicy: 'audit') { sh 'echo ran-inside' } }");
        r.assertLogContains("have the egress policy 'block'", b);
        r.assertLogNotContains("+ echo ran-inside", b);
    }

    @Test
    void formsRoundTrip() throws Exception {
        property("block", "team/app\n*/nightly");
        HardenRunnerNodeProperty before = agent.getNodeProperties().get(HardenRunnerNodeProperty.class);
        agent = (Slave) r.configRoundtrip(agent);
        r.assertEqualDataBoundBeans(before, agent.getNodeProperties().get(HardenRunnerNodeProperty.class));
        HardenRunnerAgents all = HardenRunnerAgents.get();
        all.setEgressPolicy("audit");
        all.setLabels("linux || mac");
        all.setExcludedJobs("a\nb/*");
        r.submit(r.createWebClient().goTo("configureSecurity").getFormByName("config"));
        all.load();
        assertThat(all.getEgressPolicy(), is("audit"));
        assertThat(all.getLabels(), is("linux || mac"));
        assertThat(all.getExcludedJobs(), is("a\nb/*"));
    }

    @Test
    void wrongValuesAreNotStored() {
        HardenRunnerAgents all = HardenRunnerAgents.get();
        assertThrows(PolicyException.class, () -> all.setEgressPolicy("observe"));
        assertThrows(PolicyException.class, () -> all.setExcludedJobs("/a"));
        assertThrows(IllegalArgumentException.class, () -> all.setLabels("a &&"));
        assertThat(all.getEgressPolicy(), is("off"));
    }
}

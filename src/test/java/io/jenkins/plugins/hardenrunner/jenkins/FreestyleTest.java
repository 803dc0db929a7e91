package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import hudson.model.FreeStyleBuild;
import hudson.model.FreeStyleProject;
import hudson.model.ParametersAction;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.PasswordParameterDefinition;
import hudson.model.Result;
import hudson.model.Slave;
import hudson.tasks.Shell;
import io.jenkins.plugins.hardenrunner.collect.BlockStore;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.step.HardenRunnerStep;
import io.jenkins.plugins.hardenrunner.wrapper.HardenRunnerBuildWrapper;
import java.io.StringReader;
import java.nio.file.Files;
import java.util.List;
import javax.xml.transform.Source;
import javax.xml.transform.stream.StreamSource;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class FreestyleTest {
    private JenkinsRule r;
    private Local server;

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        r = rule;
        server = new Local();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static HardenRunnerStep settings() {
        HardenRunnerStep settings = new HardenRunnerStep();
        settings.setLoopback("own");
        return settings;
    }

    private FreeStyleProject job(HardenRunnerStep settings, String... scripts) throws Exception {
        FreeStyleProject job = r.createFreeStyleProject();
        job.getBuildWrappersList().add(new HardenRunnerBuildWrapper(settings));
        for (String script : scripts) {
            job.getBuildersList().add(new Shell(script));
        }
        return job;
    }

    @Test
    void auditRecordsAndLetsThrough() throws Exception {
        FreeStyleBuild b = r.buildAndAssertSuccess(job(settings(), server.curl(), "echo two"));
        assertThat(server.requests(), is(1));
        Report report = Builds.report(b);
        assertThat(report.state, is("enforced"));
        assertThat(report.launches, is(2));
        assertThat(report.endpoints.get(0).verdict, is("would-block"));
        assertThat(report.endpoints.get(0).address + ":" + report.endpoints.get(0).port, is(server.endpoint()));
        r.assertLogContains("[harden-runner] ", b);
    }

    @Test
    void blockRefusesAndFailsTheBuild() throws Exception {
        HardenRunnerStep settings = settings();
        settings.setEgressPolicy("block");
        FreeStyleBuild b = r.buildAndAssertStatus(Result.FAILURE, job(settings, server.curl() + " || true"));
        assertThat(server.requests(), is(0));
        Report report = Builds.report(b);
        assertThat(report.verdict, is("violated"));
        assertThat(report.endpoints.get(0).verdict, is("blocked"));
        r.assertLogContains("the policy was violated", b);
    }

    @Test
    void violationMakesUnstableIfAskedTo() throws Exception {
        HardenRunnerStep settings = settings();
        settings.setEgressPolicy("block");
        settings.setOnViolation("unstable");
        FreeStyleBuild b = r.buildAndAssertStatus(Result.UNSTABLE, job(settings, server.curl() + " || true"));
        assertThat(server.requests(), is(0));
        assertThat(Builds.report(b).verdict, is("violated"));
    }

    @Test
    void allowedEndpointsAreReached() throws Exception {
        HardenRunnerStep settings = settings();
        settings.setEgressPolicy("block");
        settings.setAllowedEndpoints("packages.example.com:443 " + server.endpoint());
        FreeStyleBuild b = r.buildAndAssertSuccess(job(settings, server.curl()));
        assertThat(server.requests(), is(1));
        assertThat(Builds.report(b).verdict, is("ok"));
    }

    /** The supervisor lives as long as the process that was left behind; it must not hold the build's output. */
    @Test
    void processLeftBehindDoesNotHoldTheBuild() throws Exception {
        r.buildAndAssertSuccess(job(settings(), "true")); // warm: class loading and the helper's installation
        FreeStyleBuild b = r.buildAndAssertSuccess(job(settings(), "sleep 300 > /dev/null 2>&1 & echo started"));
        assertThat(b.getDuration(), lessThan(5_000L));
        r.assertLogNotContains("Process leaked file descriptors", b);
        assertThat(Builds.report(b).launches, is(1));
    }

    /** Jenkins itself waits ten seconds for such a process, unless its shell ends before Jenkins has begun to read. */
    @Test
    void processLeftBehindWithTheOutputOpenDoesNotHoldTheBuild() throws Exception {
        r.buildAndAssertSuccess(job(settings(), "true"));
        for (String script : List.of("sleep 301 & echo started", "sleep 302 & sleep 0.3; echo started")) {
            FreeStyleBuild b = r.buildAndAssertSuccess(job(settings(), script));
            assertThat(script, b.getDuration(), lessThan(5_000L));
            r.assertLogContains("\nstarted", b);
            r.assertLogNotContains("Process leaked file descriptors", b);
            assertThat(Builds.report(b).launches, is(1));
        }
        assertThat(Processes.awaitGone("sleep 30", 5_000), lessThan(5_000L)); // as at the end of any freestyle build
    }

    @Test
    void outputThatComesSoonAfterTheCommandIsInTheLog() throws Exception {
        FreeStyleBuild b = r.buildAndAssertSuccess(job(settings(), "(sleep 1; echo late; echo later >&2) & seq 100000"));
        r.assertLogContains("\n99999\n100000", b);
        r.assertLogContains("\nlate", b);
        r.assertLogContains("\nlater", b);
    }

    @Test
    void exitStatusAndCommandLineAreTheUsersOwn() throws Exception {
        FreeStyleBuild b = r.buildAndAssertStatus(Result.FAILURE, job(settings(), "exit 7"));
        r.assertLogContains("$ /bin/sh -xe", b);
        r.assertLogNotContains("harden-helper run", b);
        assertThat(Builds.report(b).exitCode, is(7));
    }

    @Test
    void secretParametersAreRedacted() throws Exception {
        FreeStyleProject job = job(settings(), "ls \"/tmp/$TOKEN\" || true");
        job.addProperty(new ParametersDefinitionProperty(new PasswordParameterDefinition("TOKEN", "", "")));
        FreeStyleBuild b = job.scheduleBuild2(0, new ParametersAction(SecretParameter.of("TOKEN", "hunter2-hunter2"))).get();
        r.assertBuildStatusSuccess(b);
        try (var report = BlockStore.of(b, Builds.blocks(b).get(0).getId())
                .openReport()) {
            assertThat(new String(report.readAllBytes()), not(containsString("hunter2-hunter2")));
        }
    }

    @Test
    void wrongSettingFailsBeforeAnyCommand() throws Exception {
        HardenRunnerStep settings = settings();
        settings.setAllowedEndpoints("*");
        FreeStyleBuild b = r.buildAndAssertStatus(Result.FAILURE, job(settings, "echo ran-inside"));
        r.assertLogContains("Harden Runner: ", b);
        r.assertLogNotContains("+ echo ran-inside", b);
    }

    @Test
    void blockFailsClosedWhereTheHelperCannotBeInstalled() throws Exception {
        Slave agent = r.createOnlineSlave();
        Builds.obstructHelper(agent);
        HardenRunnerStep settings = settings();
        settings.setEgressPolicy("block");
        FreeStyleProject job = job(settings, "echo ran-inside");
        job.setAssignedNode(agent);
        FreeStyleBuild b = r.buildAndAssertStatus(Result.FAILURE, job);
        r.assertLogContains("cannot enforce the policy: the helper cannot be installed", b);
        r.assertLogNotContains("+ echo ran-inside", b);
        assertThat(Builds.report(b).verdict, is("not-supervised"));
    }

    @Test
    void stepsBeforeAndAfterTheBlockPassThrough() throws Exception {
        FreeStyleProject job = job(settings(), "true");
        job.getPublishersList().add(new LaunchingPublisher("echo after the block"));
        FreeStyleBuild b = r.buildAndAssertSuccess(job);
        r.assertLogContains("after the block", b);
        Report report = Builds.report(b);
        assertThat(report.launches, is(1));
        assertThat(report.coverage.stream().map(c -> c.subject).toList(), hasItem("post-build actions"));
    }

    @Test
    void nothingOfTheBlockStaysInTheBuildButItsSummary() throws Exception {
        FreeStyleBuild b = r.buildAndAssertSuccess(job(settings(), "true"));
        assertThat(Files.readString(b.getRootDir().toPath().resolve("build.xml")), not(containsString("BuildBlock")));
    }

    @Test
    void configRoundTrip() throws Exception {
        HardenRunnerStep before = new HardenRunnerStep();
        before.setEgressPolicy("block");
        before.setAllowedEndpoints("packages.example.com:443");
        before.setBlockedEndpoints("bad.example.com");
        before.setFilePolicy("block");
        before.setOnViolation("unstable");
        before.setOnUnsupported("warn");
        before.setLoopback("own");
        before.setDnsUpstream("127.0.0.1:5353");
        before.setProtectedPaths("build/*.xml");
        FreeStyleProject job = job(before);
        r.configRoundtrip(job);
        HardenRunnerStep after = job.getBuildWrappersList().get(HardenRunnerBuildWrapper.class).getSettings();
        r.assertEqualDataBoundBeans(before, after);
        assertThat(after.getAllowedEndpoints(), is("packages.example.com:443"));
    }

    @Test
    void configWrittenByHandNeedsNoSettings() throws Exception {
        FreeStyleProject job = job(settings(), "true");
        String xml = job.getConfigFile().asString().replaceAll("(?s)<settings>.*</settings>", "");
        job.updateByXml((Source) new StreamSource(new StringReader(xml)));
        assertThat(r.jenkins.getItemByFullName(job.getFullName(), FreeStyleProject.class)
                .getBuildWrappersList().get(HardenRunnerBuildWrapper.class).getSettings().getEgressPolicy(), nullValue());
        assertThat(Builds.report(r.buildAndAssertSuccess(job)).launches, is(1));
    }

    /** Pipeline's wrap step ignores launcher decorators: the block would look hardened. */
    @Test
    void pipelineRefusesTheWrapper() throws Exception {
        String[] forms = {
            "wrap([$class: 'HardenRunnerBuildWrapper', settings: [egressPolicy: 'block']])", "wrap(new Object())",
        };
        for (String form : forms) {
            WorkflowRun b = Builds.run(r, Result.FAILURE, "node { " + form + " { sh 'echo ran-inside' } }");
            r.assertLogNotContains("+ echo ran-inside", b);
            assertThat(Builds.blocks(b), empty());
        }
    }

    @Test
    void abortEndsTheCommandAndReports() throws Exception {
        FreeStyleProject job = job(settings(), "sleep 993");
        FreeStyleBuild b = job.scheduleBuild2(0).waitForStart();
        r.waitForMessage("+ sleep 993", b);
        long aborted = System.nanoTime();
        b.getExecutor().interrupt();
        r.assertBuildStatus(Result.ABORTED, r.waitForCompletion(b));
        assertThat((System.nanoTime() - aborted) / 1_000_000_000, lessThan(8L));
        assertThat(Builds.report(b).launches, is(1));
        Process left = new ProcessBuilder("pgrep", "-x", "-f", "sleep 993").start();
        assertThat("processes left: " + new String(left.getInputStream().readAllBytes()), left.waitFor(), is(1));
    }
}

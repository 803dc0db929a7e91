package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import hudson.FilePath;
import hudson.model.Result;
import hudson.model.Slave;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** On an agent with a JVM of its own. */
@WithJenkins
class AgentTest {
    @RegisterExtension
    private static final InboundAgentExtension AGENTS = new InboundAgentExtension();

    private JenkinsRule r;
    private Slave agent;

    @BeforeEach
    void connect(JenkinsRule rule) throws Throwable {
        r = rule;
        agent = AGENTS.createAgent(
                r, InboundAgentExtension.Options.newBuilder().name("remote").label("remote").webSocket().build());
    }

    private FilePath folder() {
        return agent.getRootPath().child("harden-runner");
    }

    @Test
    void helperIsInstalledOnceAndEvidenceLeavesTheAgent() throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node('remote') { hardenRunner { sh 'true' } }");
        assertThat(Builds.report(b).state, is("enforced"));
        FilePath helper = folder().list("*/harden-helper")[0];
        assertThat(helper.mode() & 0777, is(0555));
        long installed = helper.lastModified();
        Builds.run(r, Result.SUCCESS, "node('remote') { hardenRunner { sh 'true' } }");
        assertThat(helper.lastModified(), is(installed));
    }

    @Test
    void blockFailsClosedWhereTheHelperCannotBeInstalled() throws Exception {
        Builds.obstructHelper(agent);
        WorkflowRun b = Builds.run(r, Result.FAILURE,
                "node('remote') { hardenRunner(egressPolicy: 'block') { sh 'echo ran-inside' } }");
        r.assertLogContains("cannot enforce the policy: the helper cannot be installed", b);
        r.assertLogNotContains("+ echo ran-inside", b);
        assertThat(Builds.report(b).verdict, is("not-supervised"));
    }

    @Test
    void launchFailsClosedOutsideOfAPreparedNode() throws Exception {
        Builds.obstructHelper(agent);
        WorkflowRun b = Builds.run(r, Result.FAILURE,
                "hardenRunner(egressPolicy: 'block') { node('remote') { sh 'echo ran-inside' } }");
        r.assertLogContains("cannot enforce the policy: the helper cannot be installed", b);
        r.assertLogNotContains("+ echo ran-inside", b);
    }

    @Test
    void auditGoesOnWithoutHelperAndSaysSo() throws Exception {
        Builds.obstructHelper(agent);
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node('remote') { hardenRunner { sh 'echo ran-inside' } }");
        r.assertLogContains("agent 'remote' supervises nothing", b);
        r.assertLogContains("+ echo ran-inside", b);
        Report report = Builds.report(b);
        assertThat(report.verdict, is("not-supervised"));
        assertThat(report.state, is("off"));
        assertThat(report.findings.stream().map(f -> f.kind).toList(), hasItem("not-supervised"));
    }

    @Test
    void helperThatWasReplacedIsNeverRun() throws Exception {
        Builds.run(r, Result.SUCCESS, "node('remote') { hardenRunner { sh 'true' } }");
        FilePath helper = folder().list("*/harden-helper")[0];
        helper.delete();
        helper.write("#!/bin/sh\ntouch /tmp/harden-runner-test-fake\n", "UTF-8");
        helper.chmod(0555);
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node('remote') { hardenRunner { sh 'true' } }");
        assertThat(Builds.report(b).launches, is(1));
        try (InputStream in = helper.read()) {
            // The helper again: an executable, not the script that stood in its place.
            assertThat(new String(in.readNBytes(4), StandardCharsets.ISO_8859_1), is("\u007fELF"));
        }
        assertThat(new FilePath(agent.getChannel(), "/tmp/harden-runner-test-fake").exists(), is(false));
    }

    @Test
    void abortEndsTheCommandAndReports() throws Exception {
        var job = Builds.job(r, "node('remote') { hardenRunner { sh 'sleep 997' } }");
        WorkflowRun b = job.scheduleBuild2(0).waitForStart();
        r.waitForMessage("+ sleep 997", b);
        long aborted = System.nanoTime();
        b.getExecutor().interrupt();
        r.assertBuildStatus(Result.ABORTED, r.waitForCompletion(b));
        assertThat((System.nanoTime() - aborted) / 1_000_000_000, lessThan(20L));
        assertThat(Builds.report(b).launches, is(1));
        Builds.run(r, Result.SUCCESS, "node('remote') { sh '! ps -ef | grep \"[s]leep 997\"' }");
    }

    @Test
    void processesLeftBehindDoNotHoldTheStep() throws Exception {
        long started = System.nanoTime();
        WorkflowRun b = Builds.run(r, Result.SUCCESS,
                "node('remote') { hardenRunner { sh 'sleep 300 & echo done' } }");
        assertThat((System.nanoTime() - started) / 1_000_000_000, lessThan(60L));
        Report report = Builds.report(b);
        assertThat(report.integrity.intact, is(true));
    }

    @Test
    void evidenceThatDisappearsIsAFinding() throws Exception {
        var job = Builds.job(r, "node('remote') { hardenRunner { sh 'while [ ! -f go ]; do sleep 0.2; done' } }");
        WorkflowRun b = job.scheduleBuild2(0).waitForStart();
        r.waitForMessage("[ ! -f go ]", b);
        await(() -> b.getRootDir().toPath().resolve("harden-runner").toFile().exists()
                && storedEvents(b) > 0);
        for (FilePath launch : folder().list("*/l-1/events.ndjson")) {
            launch.delete();
        }
        agent.getWorkspaceFor(job).child("go").touch(0);
        r.waitForCompletion(b);
        Report report = Builds.report(b);
        assertThat(report.integrity.intact, is(false));
        assertThat(report.verdict, is("violated"));
    }

    private static long storedEvents(WorkflowRun b) throws IOException {
        try (Stream<Path> files = Files.walk(b.getRootDir().toPath().resolve("harden-runner"))) {
            return files.filter(file -> file.toString().endsWith(".ndjson")).mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        for (int i = 0; i < 300 && !condition.call(); i++) {
            Thread.sleep(100);
        }
        assertThat(condition.call(), is(true));
    }
}

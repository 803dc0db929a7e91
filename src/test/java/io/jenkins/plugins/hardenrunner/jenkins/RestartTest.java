package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** Jenkins is restarted while a block is open. */
class RestartTest {
    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    @TempDir
    private Path folder;

    private static void job(JenkinsRule r, String script) throws Exception {
        WorkflowJob job = r.createProject(WorkflowJob.class, "p");
        job.setDefinition(new CpsFlowDefinition(script, true));
    }

    private static WorkflowRun build(JenkinsRule r) {
        return r.jenkins.getItemByFullName("p", WorkflowJob.class).getBuildByNumber(1);
    }

    @Test
    void betweenCommands() throws Throwable {
        sessions.then(r -> {
            job(r, "node { hardenRunner(egressPolicy: 'block') { sh 'echo before'; semaphore 'wait'; sh 'echo after' } }");
            r.jenkins.getItemByFullName("p", WorkflowJob.class).scheduleBuild2(0).waitForStart();
            SemaphoreStep.waitForStart("wait/1", build(r));
        });
        sessions.then(r -> {
            SemaphoreStep.success("wait/1", null);
            r.assertBuildStatusSuccess(r.waitForCompletion(build(r)));
            Report report = Builds.report(build(r));
            assertThat(report.launches, is(2));
            assertThat(report.state, is("enforced"));
            assertThat(report.verdict, is("ok"));
            assertThat(report.policy.egressPolicy, is("block"));
            assertThat(report.launchDetails.stream().map(launch -> launch.command.get(1)).toList(),
                    contains("echo before", "echo after"));
        });
    }

    @Test
    void whileACommandRuns() throws Throwable {
        try (Local server = new Local()) {
            sessions.then(r -> {
                job(r, "node { hardenRunner(loopback: 'own') { sh '" + server.curl() + "; while [ ! -f " + folder + "/go ]; do sleep 0.1; done; "
                        + server.curl() + "' } }");
                WorkflowRun b = r.jenkins.getItemByFullName("p", WorkflowJob.class).scheduleBuild2(0).waitForStart();
                r.waitForMessage("[ ! -f ", b);
            });
            sessions.then(r -> {
                Files.createFile(folder.resolve("go"));
                r.assertBuildStatusSuccess(r.waitForCompletion(build(r)));
                assertThat(server.requests(), is(2));
                Report report = Builds.report(build(r));
                assertThat(report.launches, is(1));
                assertThat(report.integrity.intact, is(true));
                // Neither lost nor counted twice.
                assertThat(report.endpoints, hasSize(1));
                assertThat(report.endpoints.get(0).count, is(2L));
            });
        }
    }

    @Test
    void insideANestedBlock() throws Throwable {
        try (Local server = new Local()) {
            sessions.then(r -> {
                job(r, "node { hardenRunner(egressPolicy: 'block', loopback: 'own') { hardenRunner(egressPolicy: 'audit', onViolation: 'warn')"
                        + " { semaphore 'wait'; sh(returnStatus: true, script: '" + server.curl() + "') } } }");
                r.jenkins.getItemByFullName("p", WorkflowJob.class).scheduleBuild2(0).waitForStart();
                SemaphoreStep.waitForStart("wait/1", build(r));
            });
            sessions.then(r -> {
                SemaphoreStep.success("wait/1", null);
                r.assertBuildStatus(hudson.model.Result.FAILURE, r.waitForCompletion(build(r)));
                assertThat(server.requests(), is(0));
                assertThat(Builds.blocks(build(r)).stream().map(block -> block.getLaunches()).toList(), is(List.of(1, 0)));
            });
        }
    }
}

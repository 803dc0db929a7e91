package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.RealJenkinsExtension;

/** A controller of its own, with the class loaders of a real one, is killed while an agent runs a supervised command. */
class ControllerCrashTest {
    @RegisterExtension
    private final RealJenkinsExtension jenkins = new RealJenkinsExtension();

    @RegisterExtension
    private final InboundAgentExtension agents = new InboundAgentExtension();

    @TempDir
    private Path folder;

    @Test
    void commandGoesOnSupervisedAndNothingIsLostOrCountedTwice() throws Throwable {
        try (Local server = new Local()) {
            String command = server.curl() + "; while [ ! -f " + folder + "/go ]; do sleep 0.1; done; " + server.curl();
            jenkins.startJenkins();
            agents.createAgent(jenkins, InboundAgentExtension.Options.newBuilder().name("remote").webSocket().build());
            jenkins.runRemotely(ControllerCrashTest::start, command);
            jenkins.stopJenkinsForcibly();
            Files.createFile(folder.resolve("go"));
            jenkins.startJenkins();
            jenkins.runRemotely(ControllerCrashTest::finish);
            assertThat(server.requests(), is(4));
        }
    }

    private static void start(JenkinsRule r, String command) throws Throwable {
        WorkflowJob job = r.createProject(WorkflowJob.class, "p");
        job.setDefinition(new CpsFlowDefinition(
                "node('remote') { hardenRunner(loopback: 'own') { sh '" + command + "'; sh '" + command + "' } }", true));
        WorkflowRun b = job.scheduleBuild2(0).waitForStart();
        r.waitForMessage("[ ! -f ", b);
        // The program is saved by and by; a crash before that would lose the step, with us as without.
        Builds.awaitEvents(b, "127.0.0.1");
        Thread.sleep(3000);
    }

    private static void finish(JenkinsRule r) throws Throwable {
        WorkflowRun b = r.jenkins.getItemByFullName("p", WorkflowJob.class).getBuildByNumber(1);
        r.assertBuildStatusSuccess(r.waitForCompletion(b));
        Report report = Builds.report(b);
        assertThat(report.launches, is(2));
        assertThat(report.state, is("enforced"));
        assertThat(report.integrity.intact, is(true));
        assertThat(report.endpoints, hasSize(1));
        assertThat(report.endpoints.get(0).count, is(4L));
    }
}

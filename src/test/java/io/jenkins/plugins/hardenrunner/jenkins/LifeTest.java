package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import com.cloudbees.hudson.plugins.folder.Folder;
import hudson.Util;
import hudson.model.Items;
import hudson.model.Result;
import hudson.model.Slave;
import hudson.model.TopLevelItem;
import hudson.slaves.OfflineCause;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import jenkins.security.MasterToSlaveCallable;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What happens to a block when its command, its agent or its job goes away. */
@WithJenkins
class LifeTest {
    @RegisterExtension
    private static final InboundAgentExtension AGENTS = new InboundAgentExtension();

    @TempDir
    private Path folder;

    private JenkinsRule r;
    private Slave agent;
    private Local server;

    @BeforeEach
    void connect(JenkinsRule rule) throws Throwable {
        r = rule;
        server = new Local();
        agent = AGENTS.createAgent(
                r, InboundAgentExtension.Options.newBuilder().name("remote").label("remote").webSocket().build());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private WorkflowRun started(String script) throws Exception {
        WorkflowRun b = Builds.job(r, script).scheduleBuild2(0).waitForStart();
        r.waitForMessage("+ ", b);
        return b;
    }

    /** Runs until the file {@code go} appears in the test's folder, with a request before and one after. */
    private String waiting() {
        return "sh '" + server.curl() + "; while [ ! -f " + folder + "/go ]; do sleep 0.1; done; " + server.curl() + "'";
    }

    @Test
    void abortedCommandIsGoneWithinEightSecondsWithItsSupervisor() throws Exception {
        WorkflowRun b = started("node('remote') { hardenRunner(loopback: 'own') { sh '" + server.curl() + "; sleep 994' } }");
        r.waitForMessage("+ sleep 994", b);
        b.getExecutor().interrupt();
        assertThat(Processes.awaitGone("sleep 994", 20_000), lessThan(8_000L));
        assertThat(Processes.awaitGone(agent.getRemoteFS() + "/harden-runner/", 20_000), lessThan(8_000L));
        r.assertBuildStatus(Result.ABORTED, r.waitForCompletion(b));
        Report report = Builds.report(b);
        assertThat(report.integrity.intact, is(true));
        assertThat(report.endpoints, hasSize(1));
        assertThat(report.processes.stream().map(p -> String.join(" ", p.argv)).toList(), hasItem("sleep 994"));
    }

    @Test
    void agentThatComesBackGoesOn() throws Exception {
        WorkflowRun b = started("node('remote') { hardenRunner(loopback: 'own') { " + waiting() + "; sh 'echo after' } }");
        r.waitForMessage("[ ! -f ", b);
        AGENTS.stop(r, "remote");
        AGENTS.start(r, InboundAgentExtension.Options.newBuilder().name("remote").label("remote").webSocket().build());
        Files.createFile(folder.resolve("go"));
        r.assertBuildStatusSuccess(r.waitForCompletion(b));
        assertThat(server.requests(), is(2));
        Report report = Builds.report(b);
        assertThat(report.launches, is(2));
        assertThat(report.state, is("enforced"));
        assertThat(report.integrity.intact, is(true));
        assertThat(report.endpoints, hasSize(1));
        assertThat(report.endpoints.get(0).count, is(2L));
    }

    /** An inbound agent connects by itself: Jenkins has never set out to connect it. */
    @Test
    void agentThatIsThereIsNotCalledAway() throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node('remote') { hardenRunner { sh 'sleep 992 > out 2>&1 &' } }");
        r.assertLogNotContains("is not connected", b);
        Report report = Builds.report(b);
        assertThat(report.processes.stream().map(p -> String.join(" ", p.argv)).toList(), hasItem("sleep 992"));
        assertThat(report.coverage.stream().filter(line -> line.subject.startsWith("launch ")).toList(), empty());
    }

    /** Marked offline, an agent goes on with the builds that it has. */
    @Test
    void agentThatIsMarkedOfflineIsNotCalledAway() throws Exception {
        WorkflowRun b = started("node('remote') { hardenRunner(loopback: 'own') { " + waiting() + "; sh 'sleep 991 > out 2>&1 &' } }");
        r.waitForMessage("[ ! -f ", b);
        agent.toComputer().setTemporaryOfflineCause(new OfflineCause.UserCause(null, "maintenance"));
        Files.createFile(folder.resolve("go"));
        r.assertBuildStatusSuccess(r.waitForCompletion(b));
        r.assertLogNotContains("is not connected", b);
        assertThat(Builds.report(b).coverage.stream().filter(line -> line.subject.startsWith("launch ")).toList(), empty());
    }

    /** The machine comes back without its disk: what nobody will write again is not waited for. */
    @Test
    void agentThatComesBackWithoutItsEvidenceEndsTheBlock() throws Exception {
        WorkflowRun b = started("node('remote') { hardenRunner(loopback: 'own') { " + waiting() + " } }");
        r.waitForMessage("[ ! -f ", b);
        Builds.awaitEvents(b, "127.0.0.1");
        AGENTS.stop(r, "remote");
        Processes.kill(agent.getRemoteFS() + "/harden-runner/");
        Util.deleteContentsRecursive(Path.of(agent.getRemoteFS(), "harden-runner").toFile());
        AGENTS.start(r, InboundAgentExtension.Options.newBuilder().name("remote").label("remote").webSocket().build());
        r.assertBuildStatus(Result.FAILURE, r.waitForCompletion(b));
        Files.createFile(folder.resolve("go")); // what is left of the command ends with it
        r.assertLogContains("the supervisor of launch l-1 on agent 'remote' is gone without a closing record", b);
    }

    @Test
    void agentThatIsLostLeavesAReportOfWhatWasSeen() throws Exception {
        WorkflowRun b = started("node('remote') { hardenRunner(loopback: 'own') { " + waiting() + " } }");
        r.waitForMessage("[ ! -f ", b);
        Builds.awaitEvents(b, "127.0.0.1");
        AGENTS.stop(r, "remote");
        r.jenkins.removeNode(agent);
        r.waitForCompletion(b);
        Files.createFile(folder.resolve("go")); // what is left of the command ends with it
        assertThat(b.getResult(), not(Result.SUCCESS));
        Report report = Builds.report(b);
        assertThat(report.launches, is(1));
        assertThat(report.endpoints, hasSize(1));
        assertThat(report.coverage.stream().filter(line -> line.covered.equals("partly")).toList(), not(empty()));
        r.assertLogContains("launch l-1: agent 'remote' is not connected; its events are here up to number ", b);
    }

    @Test
    void jobThatIsRenamedWhileItRunsKeepsItsBlock() throws Exception {
        WorkflowRun b = started("node('remote') { hardenRunner(loopback: 'own') { " + waiting() + "; sh 'echo after' } }");
        r.waitForMessage("[ ! -f ", b);
        WorkflowJob job = b.getParent();
        job.renameTo("renamed");
        Files.createFile(folder.resolve("go"));
        r.assertBuildStatusSuccess(r.waitForCompletion(b));
        Report report = Builds.report(b);
        assertThat(report.launches, is(2));
        assertThat(report.integrity.intact, is(true));
        assertThat(report.endpoints.get(0).count, is(2L));
        assertThat(b.getRootDir().toString().contains("renamed"), is(true));
    }

    @Test
    void jobThatIsDeletedWhileItRunsLeavesNothingBehind() throws Exception {
        WorkflowRun b = started("node('remote') { hardenRunner { sh 'sleep 993' } }");
        r.waitForMessage("+ sleep 993", b);
        b.getParent().delete();
        assertThat(Processes.awaitGone("sleep 993", 30_000), lessThan(30_000L));
        assertThat(Processes.awaitGone(agent.getRemoteFS() + "/harden-runner/", 30_000), lessThan(30_000L));
    }

    @Test
    void jobThatIsCopiedWhileItRunsKeepsItsBlockToItself() throws Exception {
        WorkflowRun b = started("node('remote') { hardenRunner(loopback: 'own') { " + waiting() + " } }");
        r.waitForMessage("[ ! -f ", b);
        WorkflowJob copy = (WorkflowJob) r.jenkins.copy((TopLevelItem) b.getParent(), "copy");
        Files.createFile(folder.resolve("go"));
        r.assertBuildStatusSuccess(r.waitForCompletion(b));
        assertThat(Builds.report(b).integrity.intact, is(true));
        try (Stream<Path> files = Files.walk(copy.getRootDir().toPath())) {
            assertThat(files.filter(file -> file.getFileName().toString().equals("harden-runner")).toList(), empty());
        }
    }

    @Test
    void jobThatIsMovedWhileItRunsKeepsItsBlock() throws Exception {
        WorkflowRun b = started("node('remote') { hardenRunner(loopback: 'own') { " + waiting() + "; sh 'echo after' } }");
        r.waitForMessage("[ ! -f ", b);
        Builds.awaitEvents(b, "127.0.0.1");
        Items.move(b.getParent(), r.createProject(Folder.class, "team"));
        Files.createFile(folder.resolve("go"));
        r.assertBuildStatusSuccess(r.waitForCompletion(b));
        assertThat(b.getParent().getFullName(), is("team/" + b.getParent().getName()));
        Report report = Builds.report(b);
        assertThat(report.launches, is(2));
        assertThat(report.integrity.intact, is(true));
        assertThat(report.endpoints.get(0).count, is(2L));
        assertThat(b.getRootDir().toString().contains("/team/"), is(true));
    }

    private static final class Pid extends MasterToSlaveCallable<Long, RuntimeException> {
        private static final long serialVersionUID = 1L;

        @Override
        public Long call() {
            return ProcessHandle.current().pid();
        }
    }

    /** SIGKILL: nothing of the agent has a say in it. The command and its supervisor are processes of their own. */
    @Test
    void agentThatIsKilledAndStartedAgainGoesOn() throws Exception {
        WorkflowRun b = started("node('remote') { hardenRunner(egressPolicy: 'block', loopback: 'own', allowedEndpoints: '" + server.endpoint()
                + "') { " + waiting() + "; sh(returnStatus: true, script: 'curl -sS -m 5 http://127.0.1.9:9/') } }");
        r.waitForMessage("[ ! -f ", b);
        ProcessHandle.of(agent.getChannel().call(new Pid())).orElseThrow().destroyForcibly();
        AGENTS.stop(r, "remote");
        Files.createFile(folder.resolve("go"));
        AGENTS.start(r, InboundAgentExtension.Options.newBuilder().name("remote").label("remote").webSocket().build());
        r.assertBuildStatus(Result.FAILURE, r.waitForCompletion(b)); // the policy holds for what comes after
        assertThat(server.requests(), is(2));
        Report report = Builds.report(b);
        assertThat(report.launches, is(2));
        assertThat(report.state, is("enforced"));
        assertThat(report.integrity.intact, is(true));
        assertThat(report.endpoints.stream().map(endpoint -> endpoint.verdict + " " + endpoint.count).toList(),
                containsInAnyOrder("allowed 2", "blocked 1"));
    }
}

package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hudson.model.ComputerSet;
import hudson.model.Result;
import hudson.model.Slave;
import hudson.node_monitors.DiskSpaceMonitor;
import hudson.node_monitors.TemporarySpaceMonitor;
import hudson.remoting.VirtualChannel;
import hudson.slaves.DumbSlave;
import hudson.slaves.RetentionStrategy;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import jenkins.MasterToSlaveFileCallable;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.SimpleCommandLauncher;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** No room for the policy, the events or the report: an error that says so, nothing unsupervised, nothing that hangs. */
@WithJenkins
class DiskFullTest {
    @TempDir
    private Path folder;

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

    /** An agent whose root is a file system of 24 MiB, mounted in a mount namespace of its own. */
    private Slave small() throws Exception {
        String unshare = "unshare " + (System.getProperty("user.name").equals("root") ? "-m" : "-rm");
        assumeTrue(new ProcessBuilder((unshare + " mount -t tmpfs none " + folder).split(" ")).start().waitFor() == 0,
                "mounting needs root or user namespaces");
        Path jar = Files.write(folder.resolve("agent.jar"), new Slave.JnlpJar("agent.jar").readFully());
        Path root = Files.createDirectory(folder.resolve("root"));
        Path script = Files.writeString(folder.resolve("agent.sh"), "#!/bin/sh\nexec " + unshare
                + " sh -c 'mount -t tmpfs -o size=24m none " + root + " && exec " + System.getProperty("java.home")
                + "/bin/java -Xmx256m -jar " + jar + "'\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        // Jenkins would take an agent with so little room offline, and what the test is about with it.
        ComputerSet.getMonitors().remove(DiskSpaceMonitor.class);
        ComputerSet.getMonitors().remove(TemporarySpaceMonitor.class);
        DumbSlave agent = new DumbSlave("small", root.toString(), new SimpleCommandLauncher(script.toString()));
        agent.setRetentionStrategy(RetentionStrategy.NOOP);
        r.jenkins.addNode(agent);
        r.waitOnline(agent);
        return agent;
    }

    private static final class Fill extends MasterToSlaveFileCallable<Long> {
        private static final long serialVersionUID = 1L;

        @Override
        public Long invoke(File file, VirtualChannel channel) {
            try (OutputStream out = Files.newOutputStream(file.toPath())) {
                while (true) {
                    out.write(new byte[4096]);
                }
            } catch (IOException e) {
                return file.length();
            }
        }
    }

    private WorkflowRun started(String script) throws Exception {
        WorkflowRun b = Builds.job(r, script).scheduleBuild2(0).waitForStart();
        SemaphoreStep.waitForStart("full/1", b);
        return b;
    }

    @Test
    void agentWithoutRoomForThePolicyStartsNothing() throws Exception {
        Slave agent = small();
        for (String policy : new String[] {"block", "audit"}) {
            WorkflowRun b = Builds.job(r, "node('small') { hardenRunner(egressPolicy: '" + policy
                            + "') { sh 'echo one'; semaphore 'full-" + policy + "'; launch 'echo ran-inside > ran-inside' } }")
                    .scheduleBuild2(0).waitForStart();
            SemaphoreStep.waitForStart("full-" + policy + "/1", b);
            assertThat(agent.getRootPath().child("fill").act(new Fill()), greaterThan(1_000_000L));
            SemaphoreStep.success("full-" + policy + "/1", null);
            r.assertBuildStatus(Result.FAILURE, r.waitForCompletion(b));
            r.assertLogContains("Harden Runner: the policy cannot be written on agent 'small'", b);
            r.assertLogContains("No space left on device; the command was not started", b);
            assertThat(agent.getWorkspaceFor(b.getParent()).child("ran-inside").exists(), is(false));
            assertThat(Builds.report(b).launches, is(1));
            agent.getRootPath().child("fill").delete();
        }
    }

    /** What cannot be recorded is refused in block; in audit it passes, and the report says that it was only counted. */
    @Test
    @Timeout(180)
    void eventsWithoutRoomAreNotForgotten() throws Exception {
        small();
        String fill = "set +x; cat /dev/zero > ../fill 2> /dev/null || true; for i in $(seq 60); do " + server.curl() + " 2> /dev/null || true; done; rm ../fill";
        Report report = Builds.report(Builds.run(r, Result.SUCCESS,
                "node('small') { hardenRunner(loopback: 'own', onViolation: 'warn') { sh '" + fill + "' } }"));
        assertThat(server.requests(), is(60));
        assertThat(report.truncated, is(true));
        assertThat(report.findings.stream().map(finding -> finding.kind).toList(), hasItem("truncated"));

        WorkflowRun b = r.waitForCompletion(Builds.job(r, "node('small') { hardenRunner(egressPolicy: 'block', loopback: 'own', allowedEndpoints: '"
                + server.endpoint() + "') { sh '" + fill + "' } }").scheduleBuild2(0).waitForStart());
        assertThat(server.requests() - 60, lessThan(60));
        assertThat(Builds.report(b).truncated, is(true));
    }

    /** A link to nowhere in place of a file: writing it fails, as on a full disk. */
    private static Path block(WorkflowRun b) throws IOException {
        try (Stream<Path> blocks = Files.list(b.getRootDir().toPath().resolve("harden-runner"))) {
            return blocks.findFirst().orElseThrow();
        }
    }

    private static void unwritable(Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.createSymbolicLink(file, Path.of("/nowhere/at/all"));
    }

    @Test
    void controllerThatCannotWriteALaunchDownStartsNothing() throws Exception {
        WorkflowRun b = started("node { hardenRunner(egressPolicy: 'block', loopback: 'own') { sh 'echo one'; semaphore 'full'; sh '" + server.curl() + "' } }");
        unwritable(block(b).resolve("launches.tsv"));
        SemaphoreStep.success("full/1", null);
        r.assertBuildStatus(Result.FAILURE, r.waitForCompletion(b));
        r.assertLogContains("Harden Runner: the controller cannot store what it has to know about this command", b);
        assertThat(server.requests(), is(0));
    }

    @Test
    void controllerThatCannotStoreEventsFailsTheBlock() throws Exception {
        WorkflowRun b = started("node { hardenRunner { sh 'echo one'; semaphore 'full'; sh 'echo two' } }");
        unwritable(block(b).resolve("l-2.ndjson"));
        SemaphoreStep.success("full/1", null);
        r.assertBuildStatus(Result.FAILURE, r.waitForCompletion(b));
        r.assertLogContains("the evidence and the report of this block cannot be stored on the controller", b);
        r.assertLogContains("A block of this build has no report", b);
        assertThat(Files.exists(block(b).resolve("report.json.gz")), is(false));
        assertThat(r.createWebClient().goTo(b.getUrl()).getWebResponse().getStatusCode(), is(200));
    }

    /** Room again at the end of the build: the report is made then, from what lies on the agent. */
    @Test
    void reportIsMadeWhenThereIsRoomAgain() throws Exception {
        WorkflowRun b = started("node { try { hardenRunner { sh 'echo one'; semaphore 'full' } } finally { semaphore 'room' } }");
        Path report = Files.createDirectory(block(b).resolve("report.json.gz.new"));
        SemaphoreStep.success("full/1", null);
        SemaphoreStep.waitForStart("room/1", b);
        assertThat(Files.exists(block(b).resolve("report.json.gz")), is(false));
        Files.delete(report);
        SemaphoreStep.success("room/1", null);
        r.assertBuildStatus(Result.FAILURE, r.waitForCompletion(b));
        assertThat(Builds.report(b).launches, is(1));
        assertThat(Builds.report(b).coverage.stream().map(line -> line.note).toList().toString(),
                containsString("the build ended before the block did"));
    }
}

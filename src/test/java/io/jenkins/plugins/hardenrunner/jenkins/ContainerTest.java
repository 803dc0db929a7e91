package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hudson.FilePath;
import hudson.model.Result;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Containers whose processes belong to a daemon, in either order with the block. */
@WithJenkins
class ContainerTest {
    private static final String OUTER = "hardenRunner(%s) { %s }";

    @TempDir
    Path folder;

    private JenkinsRule r;
    private Local server;
    private WorkflowJob job;
    private Container container;

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        assumeTrue(Container.isPossible(), "needs a static busybox (Debian: busybox-static) and root");
        r = rule;
        server = new Local();
        job = r.createProject(WorkflowJob.class);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
        if (container != null) {
            container.close();
        }
    }

    private void container(String user) throws Exception {
        FilePath workspace = r.jenkins.getWorkspaceFor(job);
        container = new Container(folder.resolve("container"), workspace, user);
    }

    private WorkflowRun run(Result expected, String script) throws Exception {
        job.setDefinition(new CpsFlowDefinition(script, true));
        return r.buildAndAssertStatus(expected, job);
    }

    private String inside(boolean oldClient, String body) {
        return "standInContainer(docker: '" + container.docker() + "', oldClient: " + oldClient + ") { " + body + " }";
    }

    /** The static busybox cannot look names up without libraries of the image's own, so that it gets none to look up. */
    private String request() {
        return "printf \"GET / HTTP/1.0\\\\r\\\\n\\\\r\\\\n\" | nc " + server.endpoint().replace(':', ' ');
    }

    private String nested(boolean blockOutside, boolean oldClient, String parameters, String body) {
        return "node { "
                + (blockOutside
                        ? String.format(OUTER, parameters, inside(oldClient, body))
                        : inside(oldClient, String.format(OUTER, parameters, body)))
                + " }";
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, false", "true, true", "false, true"})
    void commandsInTheContainerAreSupervisedInEitherOrder(boolean blockOutside, boolean oldClient) throws Exception {
        container("0:0");
        WorkflowRun b = run(Result.SUCCESS, nested(blockOutside, oldClient, "loopback: 'own'",
                "sh 'cat /etc/image; env | grep HARDEN_RUNNER || echo clean; " + request() + "'"));
        r.assertLogContains("stand-in", b);
        r.assertLogContains("clean", b);
        assertThat(server.requests(), is(1));
        Report report = Builds.report(b);
        assertThat(report.state, is("enforced"));
        assertThat(report.integrity.intact, is(true));
        assertThat(report.endpoints.get(0).address + ":" + report.endpoints.get(0).port, is(server.endpoint()));
        assertThat(report.launchDetails.get(0).step, startsWith("sh"));
        // The client's own process is in no chain: the helper is in the container, not around the client.
        assertThat(report.lineages.get(0).processes.stream().map(p -> String.join(" ", p.argv)).toList(),
                not(hasItem(containsString("docker"))));
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, false", "true, true"})
    void blockRefusesInTheContainer(boolean blockOutside, boolean oldClient) throws Exception {
        container("0:0");
        WorkflowRun b = run(Result.FAILURE, nested(blockOutside, oldClient, "egressPolicy: 'block', loopback: 'own'",
                "sh(returnStatus: true, script: '" + request() + "')"));
        assertThat(server.requests(), is(0));
        assertThat(Builds.report(b).endpoints.get(0).verdict, is("blocked"));
    }

    @Test
    void anotherUserInTheContainerIsSupervised() throws Exception {
        container("65534:65534");
        FilePath workspace = r.jenkins.getWorkspaceFor(job);
        workspace.mkdirs();
        // Such a container can run no sh step unless the workspace lets it, with us or without.
        WorkflowRun b = run(Result.SUCCESS, nested(true, false, "loopback: 'own'", "launch 'id -u; " + request() + "'"));
        r.assertLogContains("65534", b);
        assertThat(server.requests(), is(1));
        Report report = Builds.report(b);
        assertThat(report.integrity.intact, is(true));
        assertThat(report.endpoints.get(0).verdict, is("would-block"));
    }

    @Test
    void managementOfContainersIsCovered() throws Exception {
        container("0:0");
        WorkflowRun b = run(Result.SUCCESS, nested(true, false, "egressPolicy: 'block'", "sh 'true'"));
        Report report = Builds.report(b);
        assertThat(report.launches, is(1));
        assertThat(report.coverage.stream().map(c -> c.subject).toList(), hasItem("docker run"));
        assertThat(container.calls().get(0), startsWith("run -t -d"));
    }

    @Test
    void blockFailsClosedWhereTheContainerDoesNotShareTheFolder() throws Exception {
        container("0:0");
        Path mounts = folder.resolve("container/mounts");
        FilePath elsewhere = r.jenkins.getRootPath().child("elsewhere");
        elsewhere.mkdirs();
        Files.createDirectories(Path.of(folder.resolve("container/root") + elsewhere.getRemote()));
        Files.writeString(mounts, elsewhere.getRemote() + "\n");
        WorkflowRun b = run(Result.FAILURE, nested(true, false, "egressPolicy: 'block'", "launch 'echo ran-inside'"));
        r.assertLogContains("does not run in the container", b);
        r.assertLogNotContains("\nran-inside", b);
        assertThat(Builds.report(b).verdict, is("not-supervised"));
    }

    @Test
    void clientCallsThatNobodyKnowsAreRefusedInBlock() throws Exception {
        container("0:0");
        WorkflowRun b = run(Result.FAILURE, "node { hardenRunner(egressPolicy: 'block') { launch(program: '"
                + container.docker() + "', script: 'compose') } }");
        r.assertLogContains("belongs to the Docker daemon", b);
    }
}

package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import hudson.Launcher;
import hudson.LauncherDecorator;
import hudson.Proc;
import hudson.model.Node;
import hudson.model.Result;
import hudson.model.Slave;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** A helper that cannot do what was asked of it when the agent seemed ready: it starts nothing, and says why at once. */
@WithJenkins
class RefusalTest {
    @RegisterExtension
    private static final InboundAgentExtension AGENTS = new InboundAgentExtension();

    private JenkinsRule r;

    /** Hands the helper a policy that is not there, between our launcher and the agent. */
    @TestExtension
    public static final class Meddler extends LauncherDecorator {
        @Override
        public Launcher decorate(Launcher launcher, Node node) {
            return new Launcher.DecoratedLauncher(launcher) {
                @Override
                public Proc launch(ProcStarter starter) throws IOException {
                    List<String> argv = new ArrayList<>(starter.cmds());
                    int policy = argv.indexOf("--policy");
                    if (policy > 0) {
                        argv.set(policy + 1, "/nowhere/policy");
                        starter.cmds(argv);
                    }
                    return getInner().launch(starter);
                }
            };
        }
    }

    @BeforeEach
    void connect(JenkinsRule rule) throws Throwable {
        r = rule;
        Slave agent = AGENTS.createAgent(
                r, InboundAgentExtension.Options.newBuilder().name("remote").label("remote").webSocket().build());
        assertThat(agent.toComputer().isOnline(), is(true));
    }

    @Test
    void stepFailsAtOnceWithTheReason() throws Exception {
        Builds.run(r, Result.FAILURE, "node('remote') { hardenRunner { sh 'echo ran-inside' } }"); // warm
        long started = System.nanoTime();
        WorkflowRun b = Builds.run(r, Result.FAILURE, "node('remote') { hardenRunner { sh 'echo ran-inside' } }");
        assertThat((System.nanoTime() - started) / 1_000_000, lessThan(10_000L));
        r.assertLogContains("harden-helper: policy /nowhere/policy: No such file or directory", b);
        r.assertLogNotContains("ran-inside", b);
        assertThat(Builds.report(b).verdict, is("not-supervised"));
    }

    /** A script that goes on after the failure must not make the block look fine. */
    @Test
    void blockFailsThoughTheStatusIsCaught() throws Exception {
        WorkflowRun b = Builds.run(r, Result.FAILURE,
                "node('remote') { hardenRunner(egressPolicy: 'block') { echo \"status ${sh(returnStatus: true, script: 'true')}\"; sleep 30 } }");
        r.assertLogContains("status 125", b);
        r.assertLogContains("the helper did not start the command of l-1", b);
    }

    @Test
    void freestyleBuildsFailTheSameWay() throws Exception {
        var job = r.createFreeStyleProject();
        job.setAssignedNode(r.jenkins.getNode("remote"));
        job.getBuildWrappersList().add(new io.jenkins.plugins.hardenrunner.wrapper.HardenRunnerBuildWrapper(null));
        job.getBuildersList().add(new hudson.tasks.Shell("echo ran-inside"));
        var b = r.buildAndAssertStatus(Result.FAILURE, job);
        r.assertLogContains("harden-helper: policy /nowhere/policy: No such file or directory", b);
        r.assertLogNotContains("\nran-inside", b);
    }
}

package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import hudson.model.Slave;
import hudson.remoting.Channel;
import hudson.remoting.Command;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What fetching events costs the connection to an agent. */
@WithJenkins
class StreamingTest {
    private static final String OURS = "io.jenkins.plugins.hardenrunner";

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

    @Test
    void onePollOfABlockIsOneCallHoweverManyCommandsRunThere() throws Exception {
        // Three commands at once on one agent, and one that has ended before.
        WorkflowRun b = Builds.job(r, "node('remote') { hardenRunner { sh 'true'; parallel(a: { sh 'sleep 61' }, b: { sh 'sleep 62' }, c: { sh 'sleep 63' }) } }")
                .scheduleBuild2(0).waitForStart();
        for (int i = 1; i <= 3; i++) {
            r.waitForMessage("sleep 6" + i, b);
        }
        // Behind what the launches themselves need.
        Thread.sleep(5_000);
        List<String> calls = new CopyOnWriteArrayList<>();
        Channel.Listener listener = new Channel.Listener() {
            @Override
            public void onWrite(Channel channel, Command command, long blockSize) {
                if (command.toString().contains(OURS)) {
                    calls.add(command.toString());
                }
            }
        };
        ((Channel) agent.getChannel()).addListener(listener);
        Thread.sleep(21_000);
        ((Channel) agent.getChannel()).removeListener(listener);
        b.getExecutor().interrupt();
        r.waitForCompletion(b);
        assertThat(calls, everyItem(containsString("ReadEvents")));
        // A poll every 2 to 10 seconds: in 21 seconds at least two, at most eleven.
        assertThat(calls.toString(), calls.size(), greaterThanOrEqualTo(2));
        assertThat(calls.toString(), calls.size(), lessThanOrEqualTo(11));
    }
}

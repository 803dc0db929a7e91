package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.Slave;
import hudson.tasks.Shell;
import io.jenkins.plugins.hardenrunner.node.HardenRunnerNodeProperty;
import io.jenkins.plugins.hardenrunner.wrapper.HardenRunnerBuildWrapper;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** How often commands wait for the network because of us. Times are measured by OverheadBenchmark. */
@WithJenkins
class RoundTripTest {
    private static final int MORE = 8;
    /** Helper, sources, the last events, comparison of the sources, clean-up. */
    private static final int PER_BLOCK = 5;

    @RegisterExtension
    private static final InboundAgentExtension AGENTS = new InboundAgentExtension();

    private JenkinsRule r;
    private Slave agent;

    @BeforeEach
    void connect(JenkinsRule rule) throws Throwable {
        r = rule;
        agent = AGENTS.createAgent(
                r, InboundAgentExtension.Options.newBuilder().name("remote").label("remote").webSocket().build());
        Builds.run(r, Result.SUCCESS, "node('remote') { hardenRunner { sh 'true' } }"); // installs the helper
    }

    /** @param blocks from the outside to the inside */
    private Requests pipeline(int commands, String... blocks) throws Exception {
        String script = "for (int i = 0; i < " + commands + "; i++) { sh 'true' }";
        for (int i = blocks.length - 1; i >= 0; i--) {
            script = blocks[i] + " { " + script + " }";
        }
        try (Requests requests = new Requests(agent.toComputer())) {
            Builds.run(r, Result.SUCCESS, "node('remote') { " + script + " }");
            return requests;
        }
    }

    @Test
    void eachCommandOfAPipelineCostsOneRoundTrip() throws Exception {
        assertThat(pipeline(3).ours(), is(0));
        Requests one = pipeline(1, "hardenRunner");
        Requests more = pipeline(1 + MORE, "hardenRunner");
        assertThat(one.preparing(), greaterThan(1));
        assertThat(more.preparing() - one.preparing(), is(MORE));
        assertThat(one.ours() - 1, lessThanOrEqualTo(PER_BLOCK));
        assertThat(more.ours() - 1 - MORE, lessThanOrEqualTo(PER_BLOCK));
        assertThat("evidence is fetched in the background, some seconds apart", more.background(), lessThanOrEqualTo(2 * MORE));
    }

    @Test
    void nestedBlocksAddNothingToACommand() throws Exception {
        Requests one = pipeline(1, "hardenRunner", "hardenRunner");
        Requests more = pipeline(1 + MORE, "hardenRunner", "hardenRunner");
        assertThat(more.preparing() - one.preparing(), is(MORE));
    }

    @Test
    void theSameHoldsForAllBuildsOfAnAgent() throws Exception {
        agent.getNodeProperties().add(new HardenRunnerNodeProperty("audit"));
        Requests one = pipeline(1);
        Requests more = pipeline(1 + MORE);
        assertThat(more.preparing() - one.preparing(), is(MORE));
    }

    @Test
    void theSameHoldsForFreestyleBuilds() throws Exception {
        int one = freestyle(1);
        assertThat(freestyle(1 + MORE) - one, is(MORE));
    }

    private int freestyle(int steps) throws Exception {
        FreeStyleProject job = r.createFreeStyleProject();
        job.setAssignedNode(agent);
        job.getBuildWrappersList().add(new HardenRunnerBuildWrapper(null));
        for (int i = 0; i < steps; i++) {
            job.getBuildersList().add(new Shell("true"));
        }
        try (Requests requests = new Requests(agent.toComputer())) {
            r.buildAndAssertSuccess(job);
            return requests.preparing();
        }
    }
}

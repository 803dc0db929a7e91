package io.jenkins.plugins.hardenrunner.node;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.AbstractBuild;
import hudson.model.Executor;
import hudson.model.Node;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.hardenrunner.collect.BlockSpec;
import io.jenkins.plugins.hardenrunner.collect.LayerSpec;
import io.jenkins.plugins.hardenrunner.collect.OpenBlock;
import io.jenkins.plugins.hardenrunner.collect.OpenBlocks;
import io.jenkins.plugins.hardenrunner.config.BlockSpecs;
import io.jenkins.plugins.hardenrunner.engine.policy.EgressPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.OnViolation;
import io.jenkins.plugins.hardenrunner.engine.policy.Origin;
import io.jenkins.plugins.hardenrunner.launch.BlockSource;
import java.io.IOException;
import java.util.Set;

/**
 * A build on an agent where all builds are supervised. Its block is opened by its first command and ends with the
 * build. When that is, the build's result is decided already: what is refused is refused, and the commands make of
 * it what they make; no violation changes the result by itself.
 */
public final class ObservedBuild implements BlockSource {
    private final Run<?, ?> run;
    private final Node node;
    private final String egressPolicy;

    private ObservedBuild(Run<?, ?> run, Node node, String egressPolicy) {
        this.run = run;
        this.node = node;
        this.egressPolicy = egressPolicy;
    }

    /** Null if builds of this job are not supervised on this agent unless they ask for it. */
    @CheckForNull
    public static ObservedBuild of(@NonNull Run<?, ?> run, @NonNull Node node) {
        String job = run.getParent().getFullName();
        String strictest = AgentPolicy.OFF;
        HardenRunnerNodeProperty own = node.getNodeProperty(HardenRunnerNodeProperty.class);
        if (own != null && !JobPaths.parse(own.getExcludedJobs()).contain(job)) {
            strictest = own.getEgressPolicy();
        }
        HardenRunnerAgents all = HardenRunnerAgents.get();
        if (!all.getEgressPolicy().equals(AgentPolicy.OFF)
                && !strictest.equals(EgressPolicy.BLOCK.token())
                && all.covers(node)
                && !JobPaths.parse(all.getExcludedJobs()).contain(job)) {
            strictest = all.getEgressPolicy();
        }
        return strictest.equals(AgentPolicy.OFF) ? null : new ObservedBuild(run, node, strictest);
    }

    @NonNull
    @Override
    public OpenBlock block() throws IOException {
        // One for all agents of a build that have the same policy; of two first commands one opens it.
        synchronized (ObservedBuild.class) {
            for (OpenBlock open : OpenBlocks.open(run)) {
                if (egressPolicy.equals(open.spec().observed)) {
                    return open;
                }
            }
            LayerSpec layer = new LayerSpec(new Origin(Origin.Kind.GLOBAL, "all builds on " + nodeName()));
            layer.egressPolicy = egressPolicy;
            layer.onViolation = OnViolation.WARN.token();
            BlockSpec spec = BlockSpecs.create(run, layer, null, "agents", null);
            spec.observed = egressPolicy;
            OpenBlock block = OpenBlocks.open(run, spec);
            block.onCancel(cause -> {
                Executor executor = run.getExecutor();
                if (executor != null) {
                    executor.interrupt(Result.FAILURE);
                }
            });
            return block;
        }
    }

    @NonNull
    @Override
    public Set<String> sensitiveVariables() {
        return run instanceof AbstractBuild<?, ?> build ? build.getSensitiveBuildVariables() : Set.of();
    }

    /** A block within the build may ask for more than the agent demands, not for less. */
    @Override
    public void admit(@NonNull OpenBlock inner) throws AbortException {
        if (egressPolicy.equals(EgressPolicy.BLOCK.token())
                && inner.spec().policy().egressPolicy() != EgressPolicy.BLOCK) {
            throw new AbortException("Harden Runner: all builds on " + nodeName()
                    + " have the egress policy 'block', this hardenRunner block has '"
                    + inner.spec().policy().egressPolicy().token() + "'; the command was not started");
        }
    }

    private String nodeName() {
        return node.getNodeName().isEmpty() ? "the built-in node" : "agent '" + node.getNodeName() + "'";
    }
}

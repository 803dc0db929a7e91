package io.jenkins.plugins.hardenrunner.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.hardenrunner.collect.BlockSpec;
import io.jenkins.plugins.hardenrunner.collect.LayerSpec;
import io.jenkins.plugins.hardenrunner.collect.OpenBlocks;
import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;

/** Decides what holds for a block that is about to be entered, whatever shape it has. */
public final class BlockSpecs {
    private BlockSpecs() {}

    /**
     * The decision for one block.
     *
     * @param nearest what the step, wrapper or agent itself asks for
     * @param flowNode the flow node that starts the block; null outside Pipelines
     * @throws AbortException if a value in one of the layers is wrong, saying which
     */
    @NonNull
    public static BlockSpec create(@NonNull Run<?, ?> run, @NonNull LayerSpec nearest, @CheckForNull String flowNode)
            throws AbortException {
        return create(run, nearest, flowNode, null);
    }

    /**
     * As above, for a block inside another one.
     *
     * @param outer what was decided for the block around; null if there is none
     */
    @NonNull
    public static BlockSpec create(
            @NonNull Run<?, ?> run,
            @NonNull LayerSpec nearest,
            @CheckForNull String flowNode,
            @CheckForNull BlockSpec outer)
            throws AbortException {
        BlockSpec spec = new BlockSpec();
        spec.id = OpenBlocks.newId();
        spec.flowNode = flowNode;
        spec.outer = outer;
        spec.started = System.currentTimeMillis();
        spec.layers.add(nearest);
        spec.layers.addAll(HardenRunnerConfiguration.get().layers());
        try {
            spec.policy();
        } catch (PolicyException e) {
            throw new AbortException("Harden Runner: " + e.getMessage());
        }
        return spec;
    }

    /** One line for the log. */
    @NonNull
    public static String describe(@NonNull BlockSpec spec) {
        EffectivePolicy policy = spec.policy();
        return "egress policy " + policy.egressPolicy().token() + ", file policy " + policy.filePolicy().token() + ", "
                + policy.rules().size() + (policy.rules().size() == 1 ? " rule" : " rules");
    }
}

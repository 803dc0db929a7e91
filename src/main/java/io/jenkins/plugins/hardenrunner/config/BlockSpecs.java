package io.jenkins.plugins.hardenrunner.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.Run;
import io.jenkins.plugins.hardenrunner.collect.BlockSpec;
import io.jenkins.plugins.hardenrunner.collect.LayerSpec;
import io.jenkins.plugins.hardenrunner.collect.OpenBlocks;
import io.jenkins.plugins.hardenrunner.engine.policy.CutRule;
import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyLayer;
import io.jenkins.plugins.hardenrunner.engine.policy.TraceEntry;
import io.jenkins.plugins.hardenrunner.seal.EvidenceConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Decides what holds for a block that is about to be entered, whatever shape it has. */
public final class BlockSpecs {
    private static final int MAX_CUTS = 10;

    /** Settings of which the log says that a floor overruled somebody. */
    private static final Set<String> SAID =
            Set.of("egressPolicy", "filePolicy", "credentialPolicy", "loopback", "inbound", "sni", "metadata");

    private BlockSpecs() {}

    /**
     * The decision for one block.
     *
     * @param nearest what the step, wrapper or agent itself asks for
     * @param flowNode the flow node that starts the block; null outside Pipelines
     * @param name the block's name in the job's baseline; null for the only one
     * @param outer what was decided for the block around; null if there is none
     * @throws AbortException if a value in one of the layers is wrong, saying which
     */
    @NonNull
    public static BlockSpec create(
            @NonNull Run<?, ?> run,
            @NonNull LayerSpec nearest,
            @CheckForNull String flowNode,
            @CheckForNull String name,
            @CheckForNull BlockSpec outer)
            throws AbortException {
        HardenRunnerConfiguration global = HardenRunnerConfiguration.get();
        BlockSpec spec = new BlockSpec();
        spec.id = OpenBlocks.newId();
        spec.flowNode = flowNode;
        spec.outer = outer;
        spec.started = System.currentTimeMillis();
        spec.name = name;
        spec.limitEvents = global.getLimitEvents();
        spec.limitMegabytes = global.getLimitMegabytes();
        spec.redaction = EvidenceConfiguration.get().redaction();
        try {
            List<PolicyLayer> own = new ArrayList<>(List.of(nearest.toLayer()));
            own.addAll(BaselineLayers.of(run, spec.blockName(), global.isBaselineAllows()));
            PolicyPlaces.layers(run.getParent(), own, nearest.policy).forEach(layer -> spec.layers.add(LayerSpec.of(layer)));
            spec.notes.addAll(BlockListFeeds.problems());
            spec.policy();
        } catch (PolicyException e) {
            throw new AbortException("Harden Runner: " + e.getMessage());
        }
        return spec;
    }

    /** What holds, and what the step asked for and did not get: lines for the log. */
    @NonNull
    public static String describe(@NonNull BlockSpec spec) {
        EffectivePolicy policy = spec.policy();
        StringBuilder text = new StringBuilder("egress policy " + policy.egressPolicy().token() + ", file policy "
                + policy.filePolicy().token() + ", " + policy.rules().size() + " rules");
        for (TraceEntry entry : policy.trace()) {
            if (SAID.contains(entry.setting()) && !entry.overruled().isEmpty() && entry.origin().label().startsWith("floor")) {
                TraceEntry.Overruled wanted = entry.overruled().get(0);
                text.append("\n[harden-runner] ").append(entry.setting()).append(" is '").append(entry.value()).append("' because of the ")
                        .append(entry.origin().label()).append(", which overrules '").append(wanted.value()).append("' of ")
                        .append(wanted.origin().label());
            }
        }
        List<CutRule> cuts = policy.cuts();
        for (CutRule cut : cuts.subList(0, Math.min(MAX_CUTS, cuts.size()))) {
            text.append("\n[harden-runner] the allow rule '").append(cut.endpoint()).append("' of ").append(cut.origin().label())
                    .append(cut.left().isEmpty() ? " does not hold: it goes" : " holds only in part: it goes").append(" beyond the ")
                    .append(cut.ceiling().label());
        }
        if (cuts.size() > MAX_CUTS) {
            text.append("\n[harden-runner] ").append(cuts.size() - MAX_CUTS).append(" more allow rules go beyond a ceiling");
        }
        spec.notes.forEach(note -> text.append("\n[harden-runner] ").append(note));
        return text.toString();
    }
}

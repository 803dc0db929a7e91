package io.jenkins.plugins.hardenrunner.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.hardenrunner.collect.BaselineSource;
import io.jenkins.plugins.hardenrunner.collect.JobStore;
import io.jenkins.plugins.hardenrunner.engine.baseline.BaselinePolicy;
import io.jenkins.plugins.hardenrunner.engine.baseline.BlockBaseline;
import io.jenkins.plugins.hardenrunner.engine.policy.AllowedEndpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.Origin;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyLayer;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What people have decided about a job's baseline, as layers of policy for its blocks. */
final class BaselineLayers {
    private BaselineLayers() {}

    /**
     * The job's block list, and what people accepted. A change request is under the decisions for its target branch.
     *
     * @param allows whether the administrator lets what was accepted be policy
     * @throws AbortException if there are decisions that cannot be read: a block list must not vanish silently
     */
    @NonNull
    static List<PolicyLayer> of(@NonNull Run<?, ?> run, @NonNull String blockName, boolean allows) throws AbortException {
        BaselineSource source = BaselineSource.of(run.getParent());
        Job<?, ?> job = source.job();
        BlockBaseline baseline;
        try {
            baseline = job == null ? null : JobStore.of(job).baseline().block(blockName);
        } catch (IOException e) {
            throw new AbortException("Harden Runner: the baseline of " + source.name() + " cannot be read: " + e.getMessage()
                    + "; correct or remove harden-runner/baseline.json in the job's folder");
        }
        List<PolicyLayer> layers = new ArrayList<>();
        if (baseline != null && !baseline.unwanted().isEmpty()) {
            layers.add(PolicyLayer.builder(new Origin(Origin.Kind.BASELINE, source.name()))
                    .block(BaselinePolicy.blocked(baseline))
                    .build());
        }
        if (baseline != null && allows) {
            List<AllowedEndpoint> accepted = BaselinePolicy.allowed(baseline, Instant.now());
            if (!accepted.isEmpty()) {
                layers.add(PolicyLayer.ofBaseline(source.name(), accepted));
            }
        }
        return layers;
    }
}

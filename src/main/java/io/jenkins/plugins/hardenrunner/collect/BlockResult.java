package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.engine.baseline.JobSummary;
import io.jenkins.plugins.hardenrunner.engine.baseline.Observation;
import io.jenkins.plugins.hardenrunner.engine.baseline.TrendPoint;
import java.util.List;

/**
 * What a block leaves for the end of its build, when the result is known and the job can learn from it.
 *
 * @param name the block's name in the baseline
 */
record BlockResult(
        @NonNull String name,
        @NonNull Observation observed,
        @NonNull TrendPoint.Counts counts,
        @NonNull List<JobSummary.Node> nodes) {}

package io.jenkins.plugins.hardenrunner.ui;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.model.Job;
import io.jenkins.plugins.hardenrunner.collect.BaselineSource;
import io.jenkins.plugins.hardenrunner.collect.JobStore;
import io.jenkins.plugins.hardenrunner.config.BaselineConfiguration;
import io.jenkins.plugins.hardenrunner.engine.baseline.Baseline;
import io.jenkins.plugins.hardenrunner.engine.baseline.BaselineEntry;
import io.jenkins.plugins.hardenrunner.engine.baseline.BaselineSettings;
import io.jenkins.plugins.hardenrunner.engine.baseline.BaselineState;
import io.jenkins.plugins.hardenrunner.engine.baseline.BlockBaseline;
import io.jenkins.plugins.hardenrunner.engine.baseline.Change;
import io.jenkins.plugins.hardenrunner.engine.baseline.Deviation;
import io.jenkins.plugins.hardenrunner.engine.baseline.TrendPoint;
import io.jenkins.plugins.hardenrunner.engine.baseline.UnwantedEndpoint;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The data of a job's page, as docs/baseline.md has it; read from the job's folder, without any build. */
record JobPage(
        int schema,
        JobName job,
        boolean mayReview,
        @JsonInclude(JsonInclude.Include.ALWAYS) Target baselineOf,
        BaselineSettings settings,
        long revision,
        List<Block> blocks,
        List<Change> changelog,
        List<TrendPoint> trend) {

    private static final int CHANGES = 200;

    /** A job. @param url with the context path, ends in a slash */
    record JobName(String name, String displayName, String url) {
        @NonNull
        static JobName of(@NonNull Job<?, ?> job, @NonNull String contextPath) {
            return new JobName(job.getFullName(), job.getFullDisplayName(), contextPath + "/" + job.getUrl());
        }
    }

    /** The job of the branch into which a change request would go. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Target(String name, String url, boolean exists) {}

    /** A block's baseline. */
    record Block(
            String name,
            BaselineState state,
            int builds,
            long seen,
            List<Entry> entries,
            List<Deviation> deviations,
            List<UnwantedEndpoint> unwanted) {
        static Block of(BlockBaseline block, BaselineSettings settings, Instant now) {
            List<Entry> entries = block.entries().stream().map(entry -> Entry.of(entry, now)).toList();
            return new Block(block.name(), block.state(settings), block.builds(), block.seen(), entries, block.deviations(), block.unwanted());
        }
    }

    /** An entry and how it got there. */
    record Entry(@JsonUnwrapped BaselineEntry entry, String status) {
        static Entry of(BaselineEntry entry, Instant now) {
            String status = entry.accepted() == null ? "learned" : entry.accepted().holds(now) ? "accepted" : "expired";
            return new Entry(entry, status);
        }
    }

    @NonNull
    static JobPage of(@NonNull Job<?, ?> job, @NonNull String contextPath) throws IOException {
        BaselineSource source = BaselineSource.of(job);
        Job<?, ?> owner = source.job();
        // Who may see a proposal need not see the branch that it is for.
        boolean readable = owner != null && owner.hasPermission(Item.READ);
        Target target = null;
        if (source.changeRequest()) {
            target = readable
                    ? new Target(source.name(), contextPath + "/" + owner.getUrl(), true)
                    : new Target(source.name(), null, owner != null);
        }
        Baseline baseline = readable ? JobStore.of(owner).baseline() : Baseline.EMPTY;
        BaselineSettings settings = BaselineConfiguration.get().settings();
        Instant now = Instant.now();
        List<Change> changes = new ArrayList<>(baseline.changelog());
        Collections.reverse(changes);
        return new JobPage(
                1,
                JobName.of(job, contextPath),
                !source.changeRequest() && job.hasPermission(Item.CONFIGURE),
                target,
                settings,
                baseline.revision(),
                baseline.blocks().stream().map(block -> Block.of(block, settings, now)).toList(),
                changes.subList(0, Math.min(CHANGES, changes.size())),
                JobStore.of(job).trend().points());
    }
}

package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.hardenrunner.engine.report.Explanation;
import io.jenkins.plugins.hardenrunner.engine.report.LaunchInfo;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.engine.report.ReportBuilder;
import io.jenkins.plugins.hardenrunner.engine.report.ReportJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;

/**
 * The report of a block that has not ended, from the events that have reached the build's folder. No agent is asked for
 * it: the poller brings the events, whether anybody looks or not.
 *
 * @param tag changes with the events that it is made of
 * @param json {@code report.json} of docs/report.md, without {@code ended} and {@code exitCode}
 */
public record LiveReport(@NonNull String tag, @NonNull byte[] json) {
    /** All events are read for one report: of one block at most this often, however many people look at it. */
    private static final long KEEP_MILLIS = 3_000;

    private static final Map<OpenBlock, Kept> KEPT = new WeakHashMap<>();

    private record Kept(long madeAt, LiveReport report) {}

    /** The ids of the blocks of a build that are open, in no order. Cheap: asked for each view of a running build. */
    @NonNull
    public static List<String> ids(@NonNull Run<?, ?> run) {
        return OpenBlocks.ofRunning(run).stream().map(OpenBlock::id).toList();
    }

    /** What is known so far about an open block; null if the build has no such block or it has ended. */
    @CheckForNull
    public static LiveReport of(@NonNull Run<?, ?> run, @NonNull String blockId) throws IOException {
        for (OpenBlock block : OpenBlocks.ofRunning(run)) {
            if (block.id().equals(blockId)) {
                return of(block);
            }
        }
        return null;
    }

    private static LiveReport of(OpenBlock block) throws IOException {
        // Not the block's own lock, which its steps need to start a command. Who looks at several blocks may wait.
        synchronized (KEPT) {
            Kept kept = KEPT.get(block);
            long now = System.currentTimeMillis();
            if (kept != null && now - kept.madeAt < KEEP_MILLIS) {
                return kept.report;
            }
            String tag = tag(block);
            LiveReport report = kept != null && kept.report.tag.equals(tag) ? kept.report : make(block, tag);
            KEPT.put(block, new Kept(now, report));
            return report;
        }
    }

    private static String tag(OpenBlock block) throws IOException {
        List<Launch> launches = block.launches();
        long bytes = 0;
        for (Launch launch : launches) {
            bytes += block.store().stored(launch.id());
        }
        return block.id() + "-" + launches.size() + "-" + bytes + "-" + block.gaps().size();
    }

    private static LiveReport make(OpenBlock block, String tag) throws IOException {
        ReportBuilder builder = new ReportBuilder(block.spec().policy())
                .context(Explanation.Context.JENKINS)
                .tracked(block.sources().tracked());
        FlowNames names = new FlowNames(execution(block.run()));
        for (Launch launch : block.launches()) {
            FlowNames.Names around = names.of(launch.step());
            LaunchInfo info = new LaunchInfo(
                    launch.id(), around.step(), around.stage(),
                    launch.node().isEmpty() ? "built-in" : launch.node(), launch.nonce(),
                    // Its last line may still be on the way.
                    true,
                    launch.wrapper() ? around.command() : null);
            try (InputStream events = block.store().openEvents(launch.id())) {
                builder.readEvents(info, events);
            }
        }
        for (OpenBlock.Gap gap : block.gaps()) {
            switch (gap.kind()) {
                case UNSUPERVISED -> builder.unsupervised(gap.subject(), gap.reason());
                case INCOMPLETE -> builder.coverage(gap.subject(), "partly", gap.reason());
                case BESIDE -> builder.coverage(gap.subject(), "no", gap.reason());
            }
        }
        builder.coverage(
                "files under version control", "partly",
                "their content is compared with that at the block's start when the block ends");
        Report report = builder.build();
        // Between two steps all launches have ended and the block has not.
        report.ended = null;
        report.exitCode = null;
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        ReportJson.write(report, json);
        return new LiveReport(tag, json.toByteArray());
    }

    /** The Pipeline of a build that runs, so that it is in memory; null for other builds. */
    @CheckForNull
    private static FlowExecution execution(Run<?, ?> run) {
        FlowExecutionOwner owner =
                run instanceof FlowExecutionOwner.Executable executable ? executable.asFlowExecutionOwner() : null;
        return owner == null ? null : owner.getOrNull();
    }
}

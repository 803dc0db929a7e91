package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.console.ModelHyperlinkNote;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.hardenrunner.engine.report.ConsoleSummary;
import io.jenkins.plugins.hardenrunner.engine.report.Explanation;
import io.jenkins.plugins.hardenrunner.engine.report.LaunchInfo;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.engine.report.ReportBuilder;
import io.jenkins.plugins.hardenrunner.sink.SinkWorker;
import io.jenkins.plugins.hardenrunner.ui.BlockSummary;
import io.jenkins.plugins.hardenrunner.ui.HardenRunnerAction;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.FileSystemException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;

/** Turns the evidence of a block into its report, when the block ends. */
public final class BlockEnd {
    private static final Logger LOGGER = Logger.getLogger(BlockEnd.class.getName());

    private final OpenBlock block;
    private final TaskListener listener;
    private final FlowNames names;

    /** @param execution the Pipeline, to name steps and stages; null if it is gone or the build is none */
    public BlockEnd(@NonNull OpenBlock block, @NonNull TaskListener listener, @CheckForNull FlowExecution execution) {
        this.block = block;
        this.listener = listener;
        this.names = new FlowNames(execution);
    }

    /** Collects what is left, stores the report, attaches its summary to the build, and says what happened. */
    @NonNull
    public Report finish() throws IOException, InterruptedException {
        try {
            return end();
        } catch (FileSystemException e) {
            throw unstored(e.getFile() + ": " + e.getReason(), e);
        } catch (IOException e) {
            throw unstored(e.getMessage(), e);
        }
    }

    /** The block is over without a report, as far as anybody can see: not what the build may pass with. */
    private static IOException unstored(String reason, IOException cause) {
        return new IOException("Harden Runner: the evidence and the report of this block cannot be stored on the controller: "
                + reason, cause);
    }

    private Report end() throws IOException, InterruptedException {
        Evidence evidence = new Evidence(block);
        // What a step did was written before the step could go on, so that one look now sees all of it. What is left
        // behind in the background is not waited for.
        evidence.pullAll();
        Report report = report(evidence);
        new BlockComparison(block, listener).apply(report);
        announce();
        block.store().writeReport(report);
        OpenBlocks.close(block);
        evidence.deleteComplete();
        seal(report);
        SinkWorker.get().ended(block.id());
        block.store().deleteWorkingFiles();
        attach(report);
        print(report);
        return report;
    }

    /** Before the report is there: from then on nobody ends the block again, so that a crash would leave the sinks without it. */
    private void announce() {
        try {
            SinkWorker.get().ending(block.run(), block.id());
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "the sinks are not told of " + block.run());
            listener.getLogger().println("[harden-runner] The sinks are not told of this block: " + e.getMessage());
        }
    }

    private void seal(Report report) {
        // The poller may be at its last look.
        synchronized (block.store()) {
            try {
                new BlockSeal(block, report).make();
            } catch (IOException e) {
                // The build's result does not hang on it, but nobody may believe that there is a seal.
                LOGGER.log(Level.WARNING, e, () -> "cannot seal the evidence of " + block.run());
                listener.getLogger().println("[harden-runner] The evidence is not sealed: " + e.getMessage());
            }
        }
    }

    private Report report(Evidence evidence) throws IOException, InterruptedException {
        ReportBuilder builder = new ReportBuilder(block.spec().policy())
                .toolVersion(version())
                .context(Explanation.Context.JENKINS)
                .ended(System.currentTimeMillis())
                .tracked(block.sources().tracked()).covered(block.sources().covered());
        for (Launch launch : block.launches()) {
            tellLoss(evidence, launch);
            FlowNames.Names around = names.of(launch.step());
            LaunchInfo info = new LaunchInfo(
                    launch.id(), around.step(), around.stage(),
                    launch.node().isEmpty() ? "built-in" : launch.node(), launch.nonce(),
                    // A file that somebody has removed or cut has no closing record either, and that is a finding.
                    // So is one whose supervisor has died.
                    !evidence.isComplete(launch) && !evidence.isLost(launch) && !block.watch(launch).told,
                    launch.wrapper() ? around.command() : null);
            try (InputStream events = block.store().openEvents(launch.id())) {
                builder.readEvents(info, events);
            }
        }
        new OtherBlocks(block, builder).account();
        block.sources().compare(block, builder);
        for (OpenBlock.Gap gap : block.gaps()) {
            switch (gap.kind()) {
                case UNSUPERVISED -> builder.unsupervised(gap.subject(), gap.reason());
                case INCOMPLETE -> builder.coverage(gap.subject(), "partly", gap.reason());
                case BESIDE -> builder.coverage(gap.subject(), "no", gap.reason());
            }
        }
        block.spec().notes.forEach(note -> builder.coverage("policy", "partly", note));
        builder.coverage(
                "steps without a process of their own", "no",
                "what plugins do inside the agent's JVM (checkout, stash, archiveArtifacts, …) is not supervised");
        return builder.build();
    }

    /** Says until when there is evidence of a launch whose agent has lost it, or is lost itself. */
    private void tellLoss(Evidence evidence, Launch launch) throws IOException {
        boolean away = !launch.node().isEmpty() && Agents.connectedSince(launch.node()) == 0;
        if (evidence.isComplete(launch) || !evidence.isLost(launch) && !away) {
            return;
        }
        String reason = (away ? Agents.shown(launch.node()) + " is not connected" : "its event file on " + Agents.shown(launch.node())
                + " is gone or was cut") + "; " + block.store().reach(launch.id());
        if (block.incomplete("launch " + launch.id(), reason)) {
            listener.getLogger().println("[harden-runner] launch " + launch.id() + ": " + reason);
        }
    }

    private static String version() {
        String version = BlockEnd.class.getPackage().getImplementationVersion();
        return version == null ? "" : version;
    }

    private void attach(Report report) {
        Run<?, ?> run = block.run();
        HardenRunnerAction.add(run, new BlockSummary(block.id(), report));
        try {
            run.save();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "cannot save the summary of " + run);
        }
    }

    private void print(Report report) {
        PrintStream log = listener.getLogger();
        for (String line : ConsoleSummary.brief(report)) {
            log.println("[harden-runner] " + line);
        }
        log.println("[harden-runner] "
                + ModelHyperlinkNote.encodeTo(
                        "/" + block.run().getUrl() + "harden-runner/?block=" + block.id(),
                        "Report: " + report.endpoints.size() + (report.endpoints.size() == 1 ? " endpoint, " : " endpoints, ")
                                + report.processes.size() + (report.processes.size() == 1 ? " process" : " processes")));
    }
}

package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.model.listeners.RunListener;
import java.io.IOException;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jenkinsci.plugins.workflow.flow.FlowExecution;
import org.jenkinsci.plugins.workflow.flow.FlowExecutionOwner;

/**
 * Ends the blocks that a build left open: a build that is stopped at the wrong moment, or torn down after a failed
 * restart, never reaches the end of its steps.
 */
@Extension
public final class RunCompletion extends RunListener<Run<?, ?>> {
    /** By then Jenkins has killed what the build left behind, and the supervisors of it have ended. */
    private static final long SETTLE_SECONDS = 20;

    private static final Logger LOGGER = Logger.getLogger(RunCompletion.class.getName());

    @CheckForNull
    private static FlowExecution execution(Run<?, ?> run) {
        FlowExecutionOwner owner =
                run instanceof FlowExecutionOwner.Executable pipeline ? pipeline.asFlowExecutionOwner() : null;
        return owner == null ? null : owner.getOrNull();
    }

    @Override
    public void onCompleted(Run<?, ?> run, @NonNull TaskListener listener) {
        try {
            for (OpenBlock block : OpenBlocks.open(run)) {
                end(block, listener);
            }
            record(run, listener);
            trace(run, listener);
            for (String id : BlockStore.ids(run)) {
                List<Launch> launches = BlockStore.of(run, id).launches().read();
                BlockPoller.later(() -> Evidence.delete(id, launches), SETTLE_SECONDS);
            }
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "cannot end the hardenRunner blocks of " + run);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Artifacts are archived by now. That a statement is missing does not change the build, but nobody may believe that it is there. */
    private static void trace(Run<?, ?> run, TaskListener listener) {
        try {
            new BuildTrace(run, listener).write();
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "no in-toto statement about " + run);
            listener.getLogger().println("[harden-runner] No in-toto statement: " + e.getMessage());
        }
    }

    /** One block that cannot be ended must not keep the others open. */
    private static void end(OpenBlock block, TaskListener listener) throws InterruptedException {
        try {
            if (block.spec().observed == null) {
                block.incomplete("end of the block", "the build ended before the block did");
            }
            new BlockEnd(block, listener, execution(block.run())).finish();
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "block " + block.id() + " of " + block.run() + " has no report");
            listener.getLogger().println("[harden-runner] A block of this build has no report: " + e.getMessage());
        } finally {
            OpenBlocks.close(block);
        }
    }

    /** What the job remembers must not keep the agents from being cleaned. */
    private static void record(Run<?, ?> run, TaskListener listener) throws InterruptedException {
        try {
            new JobRecord(run).write(listener);
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "the job of " + run + " learns nothing of it");
            listener.getLogger().println("[harden-runner] The baseline of this job was not brought up to date: " + e.getMessage());
        }
    }
}

package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import io.jenkins.plugins.hardenrunner.agent.ReadEvents;
import java.io.IOException;

/**
 * Ends a block whose supervisor has died: its machine was restarted, or somebody killed it. Its commands are gone with it or
 * get errors from now on, and the step that waits for them would notice minutes later and could not say why.
 */
final class LostSupervisors {
    /** An abort of the build kills supervisors too, and the end of the block may take a moment longer. */
    private static final int PATIENCE = 2;

    private final OpenBlock block;
    private final Evidence evidence;

    /** @param evidence just fetched */
    LostSupervisors(@NonNull OpenBlock block, @NonNull Evidence evidence) {
        this.block = block;
        this.evidence = evidence;
    }

    void cancel() throws IOException {
        for (Launch launch : block.launches()) {
            OpenBlock.Watch watch = block.watch(launch);
            ReadEvents.Writer writer = evidence.writer(launch);
            if (writer == ReadEvents.Writer.ALIVE) {
                watch.alive = System.currentTimeMillis();
                watch.gone = 0;
                // Only where the lock was seen it says something that nobody holds it.
            } else if (watch.alive > 0 && !evidence.isComplete(launch) && (writer == ReadEvents.Writer.GONE || isReplaced(launch, watch))) {
                watch.gone++;
            }
            if (watch.gone >= PATIENCE && !watch.told) {
                watch.told = true;
                String reason = "the supervisor of launch " + launch.id() + " on " + Agents.shown(launch.node())
                        + " is gone without a closing record: its machine was restarted, or somebody killed it; "
                        + block.store().reach(launch.id());
                block.incomplete("launch " + launch.id(), reason);
                block.cancel(new AbortException("Harden Runner: " + reason));
            }
        }
    }

    /** Whether the agent came back without the event file: the machine is another one, or has lost its disk. */
    private boolean isReplaced(Launch launch, OpenBlock.Watch watch) {
        return evidence.isLost(launch) && Agents.connectedSince(launch.node()) > watch.alive;
    }
}

package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.Proc;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Pulls the evidence of open blocks while they run, so that a killed agent costs the last seconds only. Has threads
 * of its own: a slow agent must not hold up the timer that the rest of Jenkins shares.
 */
final class BlockPoller {
    private static final Logger LOGGER = Logger.getLogger(BlockPoller.class.getName());
    private static final long FIRST_MILLIS = 500;
    private static final long SHORTEST_MILLIS = 2_000;
    private static final long BEHIND_MILLIS = 200;
    private static final long LONGEST_MILLIS = 10_000;

    private static final ScheduledExecutorService THREADS = Executors.newScheduledThreadPool(4, task -> {
        Thread thread = new Thread(task, "Harden Runner: collecting evidence");
        thread.setDaemon(true);
        return thread;
    });

    private static final Set<OpenBlock> WATCHED = ConcurrentHashMap.newKeySet();
    private static final Set<OpenBlock> FAILING = ConcurrentHashMap.newKeySet();

    private BlockPoller() {}

    /** Polls a block until it is closed. Calling it again does no harm. */
    static void watch(@NonNull OpenBlock block) {
        if (WATCHED.add(block)) {
            schedule(block, FIRST_MILLIS);
        }
    }

    /** Runs something once, after a while; it is not done if Jenkins is restarted before. */
    static void later(@NonNull Runnable task, long seconds) {
        THREADS.schedule(task, seconds, TimeUnit.SECONDS);
    }

    private static void schedule(OpenBlock block, long delay) {
        THREADS.schedule(() -> poll(block, delay), delay, TimeUnit.MILLISECONDS);
    }

    private static void poll(OpenBlock block, long delay) {
        if (!OpenBlocks.isOpen(block)) {
            WATCHED.remove(block);
            FAILING.remove(block);
            return;
        }
        boolean news = false;
        boolean behind = false;
        try {
            Evidence evidence = new Evidence(block);
            news = evidence.pull();
            behind = evidence.hasMore();
            cancelUnarmed(block);
            new LostSupervisors(block, evidence).cancel();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            // It stays on the agent meanwhile. If it still cannot be stored when the block ends, the block fails.
            LOGGER.log(FAILING.add(block) ? Level.WARNING : Level.FINE, e,
                    () -> "cannot store evidence of block " + block.id() + " of " + block.run());
        }
        // What one answer cannot carry is fetched soon: a build that writes fast must not outrun us.
        schedule(block, behind ? BEHIND_MILLIS : news ? SHORTEST_MILLIS : Math.min(Math.max(SHORTEST_MILLIS, delay * 2), LONGEST_MILLIS));
    }

    /**
     * A helper that cannot arm does not start the command, and exits. Nobody waits for the process of an {@code sh}
     * step, which would notice only minutes later, so the block is stopped from here.
     */
    private static void cancelUnarmed(OpenBlock block) throws IOException, InterruptedException {
        for (Launch launch : block.launches()) {
            Proc proc = block.starting(launch);
            if (proc == null) {
                continue;
            }
            if (block.store().stored(launch.id()) > 0) {
                block.armed(launch);
            } else if (!proc.isAlive()) {
                // It may have written its first line between our last look and its end.
                new Evidence(block).pull();
                block.armed(launch);
                if (block.store().stored(launch.id()) == 0) {
                    String reason = "the helper did not start the command of " + launch.id()
                            + " because it could not supervise it as the policy demands";
                    block.incomplete("launch " + launch.id(), reason);
                    block.cancel(new AbortException("Harden Runner: " + reason
                            + "; run 'harden-helper probe --json' on "
                            + (launch.node().isEmpty() ? "the built-in node" : "agent '" + launch.node() + "'") + " to see what is missing"));
                }
            }
        }
    }
}

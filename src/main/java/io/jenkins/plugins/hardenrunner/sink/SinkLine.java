package io.jenkins.plugins.hardenrunner.sink;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.engine.sink.Delivery;
import io.jenkins.plugins.hardenrunner.engine.sink.SendResult;
import io.jenkins.plugins.hardenrunner.engine.sink.SinkQueue;
import io.jenkins.plugins.hardenrunner.engine.sink.Spool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** One sink at work: its queue, and what speaks to the receiver at present. */
final class SinkLine {
    /** So many deliveries in a row, then others have their turn. */
    private static final int TURN = 50;

    private final SinkQueue queue;
    private final AtomicInteger wanted = new AtomicInteger();
    private Sink sink;
    private SinkSender sender;
    private Future<?> timer;

    SinkLine(@NonNull Path folder, long bound) throws IOException {
        Spool spool = new Spool(folder, bound, Clock.systemUTC());
        queue = new SinkQueue(spool, Clock.systemUTC(), RandomGenerator.getDefault());
    }

    @NonNull
    SinkQueue queue() {
        return queue;
    }

    /** What is configured; null if it no longer is. */
    @CheckForNull
    synchronized Sink sink() {
        return sink;
    }

    /** Takes the configuration of now; null if the sink is no longer configured, and nothing is sent. */
    synchronized void configure(@CheckForNull Sink configured) {
        if (sink != configured) {
            closeSender();
            sink = configured;
            if (configured != null) {
                queue.spool().setBound(configured.bound());
                // What failed with the old settings may work with the new ones.
                queue.hurry();
            }
        }
    }

    private synchronized void closeSender() {
        if (sender != null) {
            sender.close();
            sender = null;
        }
    }

    /** Replaces what would have come back later, so that there is one such task and not one more for each block. */
    synchronized void timer(@CheckForNull Future<?> next) {
        if (timer != null) {
            timer.cancel(false);
        }
        timer = next;
    }

    /** Wants work to be done. Returns whether the caller is the one who has to see to it. */
    boolean want() {
        return wanted.getAndIncrement() == 0;
    }

    /**
     * Sends what is due. Only whoever was told so by {@link #want} calls it.
     *
     * @return when to come back; null if nothing waits
     */
    @CheckForNull
    Instant work(@NonNull String instance) throws IOException, InterruptedException {
        while (true) {
            int seen = wanted.get();
            Instant due = null;
            try {
                Sink now = sink();
                for (int turn = 0; now != null && turn < TURN; turn++) {
                    due = queue.attempt(this::speak, now.patience(), instance);
                    if (due == null || due.isAfter(Instant.now())) {
                        break;
                    }
                }
            } catch (IOException | InterruptedException | RuntimeException e) {
                wanted.set(0);
                throw e;
            }
            if (wanted.compareAndSet(seen, 0)) {
                return due;
            }
        }
    }

    private SendResult speak(Delivery delivery) throws InterruptedException {
        SinkSender speaking;
        try {
            synchronized (this) {
                if (sink == null) {
                    return new SendResult.Failed("the sink is no longer configured", null);
                }
                if (sender == null) {
                    // Made anew after each failure: the secret may have been replaced meanwhile.
                    sender = sink.sender();
                }
                speaking = sender;
            }
        } catch (IllegalArgumentException e) {
            return new SendResult.Failed(e.getMessage(), null);
        }
        SendResult result = speaking.send(delivery);
        if (!(result instanceof SendResult.Delivered)) {
            closeSender();
        }
        return result;
    }
}

package io.jenkins.plugins.hardenrunner.engine.sink;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.hardenrunner.engine.report.Severity;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The way of messages to one sink: taken in, cut into deliveries, tried in order, again after a growing wait, and given up
 * when the receiver does not want them or their time is over. A delivery that waits holds up those behind it, which keeps
 * the order; one that is given up does not.
 */
public final class SinkQueue {
    private final Spool spool;
    private final Clock clock;
    private final RandomGenerator random;
    private int failures;
    private Instant next = Instant.MIN;
    private Instant lastSuccess;
    private Instant lastFailure;
    private String lastReason;

    public SinkQueue(Spool spool, Clock clock, RandomGenerator random) {
        this.spool = spool;
        this.clock = clock;
        this.random = random;
    }

    /** Hands a delivery over, once. */
    public interface Sender {
        SendResult send(Delivery delivery) throws InterruptedException;
    }

    /**
     * How it goes.
     *
     * @param failures in a row
     * @param next when the next attempt is due; null unless an attempt has failed
     * @param lastSuccess since the start; null if there was none
     * @param lastFailure since the start; null if there was none
     * @param lastReason of the failure; null if there was none
     */
    public record Progress(int failures, Instant next, Instant lastSuccess, Instant lastFailure, String lastReason) {}

    public Spool spool() {
        return spool;
    }

    /**
     * Takes messages in.
     *
     * @param bulk whether they are worth less than findings
     * @return how many were lost because there was no room
     */
    public int offer(Iterable<SinkMessage> messages, boolean bulk) throws IOException {
        int lost = 0;
        List<SinkMessage> batch = new ArrayList<>();
        int characters = 0;
        for (SinkMessage message : messages) {
            int length = message.toJson().length();
            if (!batch.isEmpty() && (batch.size() == Delivery.MOST_MESSAGES || characters + length > Delivery.MOST_CHARACTERS)) {
                lost += spool.offer(batch, bulk) ? 0 : batch.size();
                batch.clear();
                characters = 0;
            }
            batch.add(message);
            characters += length;
        }
        return batch.isEmpty() || spool.offer(batch, bulk) ? lost : lost + batch.size();
    }

    /**
     * Tries the oldest delivery if it is due. Only one thread may do so.
     *
     * @param patience how old a delivery may get before a failure ends it
     * @param instance root URL of the Jenkins, for a message about what was lost
     * @return when to come back; null if nothing waits
     */
    public Instant attempt(Sender sender, Duration patience, String instance) throws IOException, InterruptedException {
        synchronized (this) {
            if (clock.instant().isBefore(next)) {
                return next;
            }
        }
        Delivery delivery = spool.peek();
        if (delivery == null) {
            return null;
        }
        // Not under a lock: it takes as long as the receiver likes, and the page asks for progress meanwhile.
        SendResult result = sender.send(delivery);
        synchronized (this) {
            if (result instanceof SendResult.Delivered) {
                spool.delivered(delivery.id());
                failures = 0;
                next = Instant.MIN;
                lastSuccess = clock.instant();
                tellLost(instance);
            } else if (result instanceof SendResult.Rejected rejected) {
                spool.bury(delivery.id(), rejected.reason());
                failed(rejected.reason());
                failures = 0;
                next = Instant.MIN;
            } else if (result instanceof SendResult.Failed failed) {
                failures++;
                failed(failed.reason());
                next = clock.instant().plus(Backoff.after(failures, failed.delay(), random));
                if (delivery.created().plus(patience).isBefore(clock.instant())) {
                    spool.bury(delivery.id(), "given up after " + patience.toHours() + " hours: " + failed.reason());
                }
            }
            return spool.status().deliveries() == 0 ? null : next;
        }
    }

    private void failed(String reason) {
        lastFailure = clock.instant();
        lastReason = reason;
    }

    /** Makes the next attempt due, since somebody says that the cause is gone. */
    public synchronized void hurry() {
        next = Instant.MIN;
    }

    public synchronized Progress progress() {
        return new Progress(failures, failures == 0 ? null : next, lastSuccess, lastFailure, lastReason);
    }

    /** A receiver that misses something must not believe that there was nothing. */
    private void tellLost(String instance) throws IOException {
        Spool.Lost lost = spool.lost();
        if (lost == null) {
            return;
        }
        ObjectNode data = SinkMessage.object();
        data.put("messages", lost.messages());
        data.put("from", lost.from().toString());
        data.put("to", lost.to().toString());
        SinkMessage gap = SinkMessage.of("gap/" + lost.from().toEpochMilli(), SinkMessage.Kind.GAP, lost.to().toEpochMilli(),
                Severity.HIGH, lost.messages() + " messages were lost: the queue was full", SinkSource.of(instance), data);
        if (spool.offer(List.of(gap), false)) {
            spool.clearLost();
        }
    }
}

package io.jenkins.plugins.hardenrunner.engine.sink;

import java.time.Instant;
import java.util.List;

/**
 * Messages that are sent together.
 *
 * @param id the same in every attempt, 32 hexadecimal digits
 * @param created when it was put into the queue
 * @param messages at least one
 */
public record Delivery(String id, Instant created, List<SinkMessage> messages) {
    /** No delivery is cut at more messages than this. */
    public static final int MOST_MESSAGES = 500;

    /** Nor at more characters of JSON; a single message may be larger. */
    public static final int MOST_CHARACTERS = 256 << 10;

    public Delivery {
        messages = List.copyOf(messages);
    }
}

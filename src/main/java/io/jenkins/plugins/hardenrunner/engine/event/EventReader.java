package io.jenkins.plugins.hardenrunner.engine.event;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.hardenrunner.engine.policy.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Reads an event file as a stream, in bounded memory, whatever its content: the file comes from a machine on which
 * hostile programs run. Every line is checked against sequence and chain; what is wrong is told and reading goes on.
 */
public final class EventReader {
    /** The longest line of the format, in bytes, its newline included. */
    public static final int MAX_LINE = 16 * 1024;

    /** How many events a reader delivers unless told otherwise. */
    public static final long MAX_EVENTS = 2_000_000;

    private static final int MAX_PROBLEMS = 1000;
    private static final byte[] HASH_FIELD = ",\"h\":\"".getBytes(StandardCharsets.US_ASCII);

    /**
     * What was read.
     *
     * @param events how many: a {@code files} line counts as many as it says, a line of whatever other content as one
     * @param head the hash of the newest event whose line could be read, in hexadecimal digits; null if none
     * @param started whether the first event was a {@code start}
     * @param ended whether the last event was an {@code end}
     * @param problems how many problems were found, told or not
     */
    public record Summary(long events, String head, boolean started, boolean ended, long problems) {}

    private final String nonce;
    private final long maxEvents;

    private Consumer<Event> events;
    private Consumer<Problem> problems;
    private EventChain chain;
    private long line;
    private long count;
    private long expected;
    private long problemCount;
    private String head;
    private boolean started;
    private boolean ended;
    private boolean stopped;
    /** Whether the hash of the line before is unknown. */
    private boolean unverifiable;
    /** Whether it is unknown how many events the line before was. */
    private boolean uncounted;

    /** A reader. @param nonce of the launch that must have written the file; null accepts the file's own */
    public EventReader(String nonce) {
        this(nonce, MAX_EVENTS);
    }

    /** A reader with another cap of events. */
    public EventReader(String nonce, long maxEvents) {
        this.nonce = nonce;
        this.maxEvents = maxEvents;
    }

    /**
     * Reads to the end of the stream.
     *
     * @param events takes each event whose line parses, in the file's order
     * @param problems takes each problem, at most 1000 and a last one that counts the rest
     * @throws IOException if the stream cannot be read; the file's content never causes one
     */
    public Summary read(InputStream in, Consumer<Event> events, Consumer<Problem> problems) throws IOException {
        this.events = events;
        this.problems = problems;
        chain = nonce == null ? null : new EventChain(nonce);
        line = count = 0;
        expected = 1;
        problemCount = 0;
        head = null;
        started = ended = stopped = unverifiable = uncounted = false;
        lines(in);
        if (!started && line == 0) {
            problem(Problem.Kind.MISSING_START, 0, "the file is empty");
        }
        if (!ended) {
            problem(Problem.Kind.MISSING_END, 0, "the closing record is missing: the helper was killed, or is still running");
        }
        if (problemCount > MAX_PROBLEMS) {
            problems.accept(new Problem(Problem.Kind.TOO_MANY, 0, (problemCount - MAX_PROBLEMS) + " more problems"));
        }
        return new Summary(count, head, started, ended, problemCount);
    }

    private void lines(InputStream in) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        byte[] current = new byte[MAX_LINE];
        int length = 0;
        boolean tooLong = false;
        for (int read; !stopped && (read = in.read(buffer)) >= 0; ) {
            for (int i = 0; i < read && !stopped; i++) {
                if (buffer[i] == '\n') {
                    line++;
                    if (tooLong) {
                        unknown(Problem.Kind.LONG_LINE, "the line is longer than " + MAX_LINE + " bytes");
                    } else {
                        line(current, length);
                    }
                    length = 0;
                    tooLong = false;
                } else if (length == MAX_LINE - 1) {
                    tooLong = true;
                } else {
                    current[length++] = buffer[i];
                }
            }
        }
        if (length > 0 && !stopped) {
            line++;
            problem(Problem.Kind.TRUNCATED_LINE, line, "the last line has no end");
        }
    }

    private void line(byte[] bytes, int length) {
        if (full(1)) {
            return;
        }
        String hash = hash(bytes, length);
        if (hash == null) {
            unknown(Problem.Kind.UNPARSEABLE, "the line does not end with a hash");
            return;
        }
        JsonNode tree;
        try {
            tree = EventParser.tree(bytes, length);
        } catch (EventParser.Malformed e) {
            verify(null, bytes, length, hash);
            problem(e.kind, line, e.getMessage());
            return;
        }
        if (full(FileBatch.count(tree))) {
            return;
        }
        if (line == 1) {
            first(tree);
        }
        verify(tree, bytes, length, hash);
        deliver(tree);
    }

    /** Whether so many more events are more than are to be read. */
    private boolean full(int more) {
        if (count + more > maxEvents) {
            stopped = true;
            problem(Problem.Kind.TOO_MANY, line, "the file has more than " + maxEvents + " events; the rest was not read");
        }
        return stopped;
    }

    /** The hash that the line claims; null if the line has none at its end. */
    private static String hash(byte[] bytes, int length) {
        int body = length - EventChain.TAIL;
        if (body < 1 || bytes[length - 2] != '"' || bytes[length - 1] != '}'
                || !Arrays.equals(bytes, body, body + HASH_FIELD.length, HASH_FIELD, 0, HASH_FIELD.length)) {
            return null;
        }
        for (int i = body + HASH_FIELD.length; i < length - 2; i++) {
            if (!(bytes[i] >= '0' && bytes[i] <= '9' || bytes[i] >= 'a' && bytes[i] <= 'f')) {
                return null;
            }
        }
        return new String(bytes, body + HASH_FIELD.length, 64, StandardCharsets.US_ASCII);
    }

    private void first(JsonNode tree) {
        started = tree.path("k").asText().equals("start");
        if (!started) {
            problem(Problem.Kind.MISSING_START, 1, "the first event is not 'start'");
            return;
        }
        if (tree.path("schema").asInt() != 1) {
            problem(Problem.Kind.UNKNOWN_SCHEMA, 1, "schema " + Text.shown(tree.path("schema").asText())
                    + " is not 1; this reader knows schema 1");
        }
        String own = tree.path("nonce").asText();
        if (nonce == null) {
            chain = new EventChain(own);
        } else if (!own.equals(nonce)) {
            problem(Problem.Kind.FOREIGN_NONCE, 1, "the file belongs to another launch (nonce "
                    + Text.shown(own) + " instead of " + nonce + ")");
        }
    }

    private void verify(JsonNode tree, byte[] bytes, int length, String hash) {
        long seq = tree == null ? expected : tree.path("seq").asLong(-1);
        if (uncounted && seq > expected) {
            expected = seq; // that line is told already
        }
        if (seq != expected) {
            problem(Problem.Kind.GAP, line, "event " + expected + " was expected here, not " + seq);
        }
        boolean fits = chain != null && chain.append(bytes, length - EventChain.TAIL).equals(hash);
        if (!fits && chain != null && !unverifiable && seq == expected) {
            problem(Problem.Kind.ALTERED, line, "the line or the one before it was altered: its hash does not fit the chain");
        }
        if (chain == null) {
            chain = new EventChain("");
        }
        chain.resume(hash);
        unverifiable = false;
        uncounted = tree == null;
        head = hash;
        int events = tree == null ? 1 : FileBatch.count(tree);
        count += events;
        // A jump is told once; sequence numbers near the end of the range must not wrap around.
        expected = seq < 0 || seq > Long.MAX_VALUE - 1 - events ? expected + 1 : seq + events;
    }

    private void deliver(JsonNode tree) {
        Event event = null;
        FileBatch batch = null;
        try {
            if (FileBatch.is(tree)) {
                batch = FileBatch.of(tree);
            } else {
                event = EventParser.parse(tree);
            }
        } catch (EventParser.Malformed e) {
            problem(e.kind, line, Text.shown(e.getMessage()));
            return;
        }
        if (event instanceof Event.Start && line != 1) {
            problem(Problem.Kind.INVALID_EVENT, line, "a second 'start' event");
            return;
        }
        if (ended) {
            problem(Problem.Kind.WRONG_END, line, "an event follows the closing record");
        }
        if (event instanceof Event.End end) {
            ended = true;
            if (end.events() != count) {
                problem(Problem.Kind.WRONG_END, line, "the closing record counts " + end.events() + " events, the file has "
                        + count);
            }
        }
        if (event != null) {
            events.accept(event);
        }
        for (int i = 0; batch != null && i < batch.size(); i++) {
            events.accept(batch.event(i));
        }
    }

    /** A line whose number and hash are unknown: the line behind it cannot be checked against it. */
    private void unknown(Problem.Kind kind, String detail) {
        problem(kind, line, detail);
        expected++;
        count++;
        unverifiable = uncounted = true;
    }

    private void problem(Problem.Kind kind, long where, String detail) {
        if (problemCount++ < MAX_PROBLEMS) {
            problems.accept(new Problem(kind, where, detail));
        }
    }
}

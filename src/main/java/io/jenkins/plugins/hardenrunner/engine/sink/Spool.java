package io.jenkins.plugins.hardenrunner.engine.sink;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * What waits for a sink, in files, so that it outlives a restart: deliveries in the order in which they were made, and dead
 * letters, which are not tried any more. All of them together stay under a bound. What does not fit is lost and counted.
 */
public final class Spool {
    /** Events must not keep findings out: of the space, as much as this fraction is for the latter alone. */
    private static final int RESERVE = 4;

    private static final int MOST_BYTES_OF_ONE = 64 << 20;

    private final SpoolFiles pending;
    private final SpoolFiles dead;
    private final LostMessages lost;
    private final Clock clock;
    private long bound;

    /**
     * The spool in a folder. No other may work in it.
     *
     * @param bound in bytes
     */
    public Spool(Path folder, long bound, Clock clock) throws IOException {
        this.pending = new SpoolFiles(folder.resolve("pending"));
        this.dead = new SpoolFiles(folder.resolve("dead"));
        this.lost = new LostMessages(folder.resolve("lost.txt"));
        this.bound = bound;
        this.clock = clock;
    }

    /** What stays lost. @param messages how many @param from the first loss @param to the last one */
    public record Lost(long messages, Instant from, Instant to) {}

    /** A delivery that is not tried any more. */
    public record DeadLetter(String id, Instant created, int messages, long bytes, String reason) {}

    /** How full it is. @param oldest when the oldest delivery that waits was made; null if none does @param lost or null */
    public record Status(int deliveries, long messages, long bytes, long bound, Instant oldest, int deadLetters, Lost lost) {}

    /** Changes the bound, in bytes. What is there stays. */
    public synchronized void setBound(long bound) {
        this.bound = bound;
    }

    /**
     * Takes messages in. They are on disk when this returns.
     *
     * @param bulk whether they are worth less than findings
     * @return whether there was room; if not they are counted as lost
     */
    public synchronized boolean offer(List<SinkMessage> messages, boolean bulk) throws IOException {
        byte[] bytes = zip(messages);
        long room = bulk ? bound - bound / RESERVE : bound;
        // Dead letters were shown; what is new is worth more.
        while (pending.bytes() + dead.bytes() + bytes.length > room && !dead.entries().isEmpty()) {
            SpoolFiles.Entry oldest = dead.entries().get(0);
            dead.delete(oldest);
            lost.add(oldest.messages(), clock.instant());
        }
        if (pending.bytes() + bytes.length > room) {
            lost.add(messages.size(), clock.instant());
            return false;
        }
        long number = Math.max(pending.last(), dead.last()) + 1;
        pending.add(new SpoolFiles.Entry(number, clock.millis(), messages.size(),
                UUID.randomUUID().toString().replace("-", ""), bytes.length), bytes);
        return true;
    }

    /** The oldest delivery that waits; null if none does. One that cannot be read becomes a dead letter. */
    public synchronized Delivery peek() throws IOException {
        while (!pending.entries().isEmpty()) {
            SpoolFiles.Entry entry = pending.entries().get(0);
            try {
                return new Delivery(entry.id(), Instant.ofEpochMilli(entry.created()), read(entry));
            } catch (IOException e) {
                bury(entry.id(), "it cannot be read from the disk: " + e.getMessage());
            }
        }
        return null;
    }

    /** Forgets a delivery that was made. */
    public synchronized void delivered(String id) throws IOException {
        SpoolFiles.Entry entry = pending.find(id);
        if (entry != null) {
            pending.delete(entry);
        }
    }

    /** Gives a delivery up. */
    public synchronized void bury(String id, String reason) throws IOException {
        SpoolFiles.Entry entry = pending.find(id);
        if (entry != null) {
            dead.explain(entry, reason);
            pending.move(entry, dead, entry);
        }
    }

    /** All dead letters, oldest first. */
    public synchronized List<DeadLetter> deadLetters() {
        List<DeadLetter> letters = new ArrayList<>();
        for (SpoolFiles.Entry entry : dead.entries()) {
            letters.add(new DeadLetter(
                    entry.id(), Instant.ofEpochMilli(entry.created()), entry.messages(), entry.bytes(), dead.explanation(entry)));
        }
        return letters;
    }

    /** Lets a dead letter wait again, at its old place. Returns whether it was there. */
    public synchronized boolean revive(String id) throws IOException {
        SpoolFiles.Entry entry = dead.find(id);
        if (entry == null) {
            return false;
        }
        // Its time begins anew, or it would be given up at the next failure.
        dead.move(entry, pending, new SpoolFiles.Entry(entry.number(), clock.millis(), entry.messages(), entry.id(), entry.bytes()));
        return true;
    }

    /** Removes a dead letter for good. Returns whether it was there. */
    public synchronized boolean discard(String id) throws IOException {
        SpoolFiles.Entry entry = dead.find(id);
        if (entry == null) {
            return false;
        }
        dead.delete(entry);
        return true;
    }

    /** Removes everything for good. */
    public synchronized void clear() throws IOException {
        for (SpoolFiles files : List.of(pending, dead)) {
            for (SpoolFiles.Entry entry : List.copyOf(files.entries())) {
                files.delete(entry);
            }
        }
        lost.clear();
    }

    /** What was lost since the receiver was last told; null if nothing. */
    public synchronized Lost lost() {
        return lost.get();
    }

    /** The receiver is told of what was lost. */
    public synchronized void clearLost() throws IOException {
        lost.clear();
    }

    public synchronized Status status() {
        List<SpoolFiles.Entry> waiting = pending.entries();
        return new Status(waiting.size(), waiting.stream().mapToLong(SpoolFiles.Entry::messages).sum(),
                pending.bytes() + dead.bytes(), bound, waiting.isEmpty() ? null : Instant.ofEpochMilli(waiting.get(0).created()),
                dead.entries().size(), lost.get());
    }

    private static byte[] zip(List<SinkMessage> messages) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            for (SinkMessage message : messages) {
                out.write((message.toJson() + "\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    private List<SinkMessage> read(SpoolFiles.Entry entry) throws IOException {
        List<SinkMessage> messages = new ArrayList<>();
        long characters = 0;
        try (BufferedReader in = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(pending.file(entry))), StandardCharsets.UTF_8))) {
            for (String line; (line = in.readLine()) != null; ) {
                characters += line.length();
                if (characters > MOST_BYTES_OF_ONE) {
                    throw new IOException("it is larger than this version writes");
                }
                messages.add(SinkMessage.parse(line));
            }
        }
        if (messages.isEmpty()) {
            throw new IOException("it is empty");
        }
        return messages;
    }
}

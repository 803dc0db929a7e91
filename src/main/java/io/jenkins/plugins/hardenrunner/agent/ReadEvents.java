package io.jenkins.plugins.hardenrunner.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import jenkins.MasterToSlaveFileCallable;

/**
 * Reads what is new in the event files of several launches, in one round trip. The file that it acts on is our
 * folder. The controller pulls; agents never push, so they need no right on the controller.
 */
public final class ReadEvents extends MasterToSlaveFileCallable<TreeMap<String, ReadEvents.Chunk>> {
    private static final long serialVersionUID = 1L;

    /** Bytes that one answer carries at most. */
    static final int MAX_ANSWER = 4 << 20;
    /** Bytes of one file that an answer carries at most. */
    static final int MAX_CHUNK = 1 << 20;

    private final TreeMap<String, Long> offsets;

    /** @param offsets how much of each launch is known already, in bytes, by {@code <block>/<launch>} */
    public ReadEvents(@NonNull Map<String, Long> offsets) {
        this.offsets = new TreeMap<>(offsets);
    }

    @Override
    public TreeMap<String, Chunk> invoke(File ours, VirtualChannel channel) throws IOException, InterruptedException {
        TreeMap<String, Chunk> chunks = new TreeMap<>();
        int total = 0;
        for (Map.Entry<String, Long> entry : offsets.entrySet()) {
            Chunk chunk = read(ours.toPath().resolve(entry.getKey()), entry.getValue(), Math.min(MAX_CHUNK, MAX_ANSWER - total));
            chunks.put(entry.getKey(), chunk);
            total += chunk.bytes.length;
        }
        return chunks;
    }

    private static Chunk read(Path folder, long offset, int limit) throws IOException {
        Chunk chunk = new Chunk();
        Path file = folder.resolve(PrepareLaunch.EVENTS);
        // Neither a link in place of the folder nor one in place of the file may make us read something else.
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            chunk.missing = true;
            return chunk;
        }
        try (FileChannel in = FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            // Before the content is read: a supervisor that ends in between has written all before it let go.
            chunk.writer = writer(in);
            chunk.size = in.size();
            long available = chunk.size - offset;
            if (available > 0 && limit > 0) {
                ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(available, limit));
                while (bytes.hasRemaining() && in.read(bytes, offset + bytes.position()) >= 0) {
                    // until the buffer is full or the file has shrunk meanwhile
                }
                chunk.bytes = bytes.hasRemaining() ? Arrays.copyOf(bytes.array(), bytes.position()) : bytes.array();
            }
        }
        return chunk;
    }

    /** The helper holds a lock on its file while it lives. Where locks are not seen, nothing is known. */
    private static Writer writer(FileChannel file) {
        try (FileLock lock = file.tryLock(0, Long.MAX_VALUE, true)) {
            return lock == null ? Writer.ALIVE : Writer.GONE;
        } catch (IOException | OverlappingFileLockException e) {
            return Writer.UNKNOWN;
        }
    }

    /** What is known of the process that writes an event file. */
    public enum Writer {
        /** It holds its lock. */
        ALIVE,
        /** Nobody holds the lock; that means something only if it was held before. */
        GONE,
        /** It could not be found out. */
        UNKNOWN
    }

    /** What is new in one event file. */
    public static final class Chunk implements Serializable {
        private static final long serialVersionUID = 1L;

        /** There is no event file (yet, or any more). */
        public boolean missing;

        /** Its size in bytes; smaller than the offset asked for if somebody has cut it. */
        public long size;

        /** Whether its supervisor lives. */
        public @NonNull Writer writer = Writer.UNKNOWN;

        /** The bytes from the offset on, not all of them if there are too many for one answer. */
        public @NonNull byte[] bytes = {};
    }
}

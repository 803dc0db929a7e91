package io.jenkins.plugins.hardenrunner.engine.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * Reads a git index, versions 2 to 4 (git's Documentation/gitformat-index), of SHA-1 and SHA-256 repositories.
 *
 * <p>The file lies where a build can write: every length is checked against what is there, paths that would leave the
 * work tree make the file invalid, and nothing is read twice.
 */
public final class GitIndex {
    private static final long MAX_FILE = 512L << 20;
    private static final int SIGNATURE = 0x44495243; // DIRC
    private static final int LINK = 0x6c696e6b;

    /**
     * One entry. It refers to the bytes of the file, so that of 100,000 entries only what is asked for becomes objects.
     */
    public static final class Entry {
        private final String path;
        private final byte[] file;
        private final int start;
        private final int hashLength;
        private final boolean hidden;
        private final boolean absent;

        Entry(String path, byte[] file, int start, int hashLength, boolean hidden, boolean absent) {
            this.path = path;
            this.file = file;
            this.start = start;
            this.hashLength = hashLength;
            this.hidden = hidden;
            this.absent = absent;
        }

        /** Relative to the work tree, with {@code /}. */
        public String path() {
            return path;
        }

        /** As git has it: 0100644, 0100755, 0120000 (link), 0160000 (submodule), 040000 (sparse directory). */
        public int mode() {
            return number(file, start + 24);
        }

        /** The object id in hexadecimal digits. */
        public String id() {
            return GitHash.hex("", file, start + 40, hashLength);
        }

        /** {@code blob:} and the object id. */
        String blob() {
            return GitHash.hex("blob:", file, start + 40, hashLength);
        }

        /** When the file was written to as git last saw it, nanoseconds since 1970. */
        public long mtime() {
            return time(file, start + 8);
        }

        /** When the file's status changed as git last saw it, nanoseconds since 1970. */
        public long ctime() {
            return time(file, start);
        }

        /** The lower 32 bits. */
        public int inode() {
            return number(file, start + 20);
        }

        /** The lower 32 bits. */
        public int size() {
            return number(file, start + 36);
        }

        /** Whether git was told not to look at the file (assume-unchanged). */
        public boolean hidden() {
            return hidden;
        }

        /** Whether the file is not meant to be in the work tree. */
        public boolean absent() {
            return absent;
        }

        /** Whether the entry is a regular file. */
        public boolean isFile() {
            return mode() >>> 12 == 8;
        }

        /** Whether the entry is a symbolic link. */
        public boolean isLink() {
            return mode() >>> 12 == 10;
        }

        /** Whether the entry is another repository. */
        public boolean isSubmodule() {
            return mode() >>> 12 == 14;
        }

        Entry at(String otherPath) {
            return new Entry(otherPath, file, start, hashLength, hidden, absent);
        }
    }

    private final List<Entry> entries;

    private GitIndex(List<Entry> entries) {
        this.entries = Collections.unmodifiableList(entries);
    }

    /** The entries in the file's order; a path in conflict stands several times. */
    public List<Entry> entries() {
        return entries;
    }

    /**
     * A digest of what the index says: paths, modes, blobs, and which files git was told not to look at. Refreshing the
     * index ({@code git status}) keeps it.
     */
    String digest() {
        MessageDigest digest = GitHash.digest("SHA-256");
        byte[] buffer = new byte[1 << 14];
        int filled = 0;
        for (Entry entry : sorted()) {
            byte[] path = entry.path.getBytes(StandardCharsets.UTF_8);
            if (filled + path.length + 8 + entry.hashLength > buffer.length) {
                digest.update(buffer, 0, filled);
                filled = 0;
                if (path.length + 8 + entry.hashLength > buffer.length) {
                    buffer = new byte[2 * path.length + 8 + entry.hashLength];
                }
            }
            // No path holds a NUL, and what follows it has a fixed length: two lists never give the same bytes.
            System.arraycopy(path, 0, buffer, filled, path.length);
            filled += path.length;
            buffer[filled++] = 0;
            buffer[filled++] = (byte) (entry.hidden ? 'h' : ' ');
            buffer[filled++] = (byte) (entry.absent ? 'a' : ' ');
            System.arraycopy(entry.file, entry.start + 24, buffer, filled, 4);
            filled += 4;
            System.arraycopy(entry.file, entry.start + 40, buffer, filled, entry.hashLength);
            filled += entry.hashLength;
        }
        digest.update(buffer, 0, filled);
        return "sha256:" + GitHash.hex(digest.digest());
    }

    /** A split index has its new entries at the end. */
    private List<Entry> sorted() {
        for (int i = 1; i < entries.size(); i++) {
            if (entries.get(i - 1).path.compareTo(entries.get(i).path) > 0) {
                List<Entry> sorted = new ArrayList<>(entries);
                sorted.sort(Comparator.comparing(Entry::path));
                return sorted;
            }
        }
        return entries;
    }

    /**
     * Reads an index file.
     *
     * @param algorithm {@code SHA-1} or {@code SHA-256}, the repository's object format
     * @throws IOException if it cannot be read or is not a whole index; the message says what is wrong
     */
    public static GitIndex read(Path file, String algorithm) throws IOException {
        Parsed own = parsed(file, algorithm);
        if (own.split == null) {
            return new GitIndex(own.entries);
        }
        List<Entry> base = List.of();
        if (own.split.hasShared()) {
            Parsed shared = parsed(file.resolveSibling("sharedindex." + own.split.shared()), algorithm);
            if (shared.split != null) {
                throw new IOException(file + ": the shared index is a split index itself");
            }
            base = shared.entries;
        }
        try {
            return new GitIndex(own.split.merge(base, own.entries));
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** @param split null if the file holds all entries */
    private record Parsed(List<Entry> entries, SplitIndex split) {}

    private static Parsed parsed(Path file, String algorithm) throws IOException {
        if (Files.size(file) > MAX_FILE) {
            throw new IOException(file + " is larger than " + (MAX_FILE >> 20) + " MiB");
        }
        try {
            return parsed(Files.readAllBytes(file), algorithm);
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    /** Reads an index that holds all entries. */
    static GitIndex parse(byte[] bytes, String algorithm) throws IOException {
        Parsed parsed = parsed(bytes, algorithm);
        if (parsed.split != null) {
            throw new IOException("a split index needs its shared index");
        }
        return new GitIndex(parsed.entries);
    }

    private static Parsed parsed(byte[] bytes, String algorithm) throws IOException {
        int hashLength = algorithm.equals("SHA-256") ? 32 : 20;
        if (bytes.length < 12 + hashLength) {
            throw new IOException("too short for a git index");
        }
        verify(bytes, algorithm, hashLength);
        if (number(bytes, 0) != SIGNATURE) {
            throw new IOException("not a git index");
        }
        int version = number(bytes, 4);
        if (version < 2 || version > 4) {
            throw new IOException("git index version " + Integer.toUnsignedString(version) + " is not 2, 3 or 4");
        }
        int count = number(bytes, 8);
        int end = bytes.length - hashLength;
        // The smallest entry has its fixed part and one more byte, so a wrong count cannot reserve memory.
        if (count < 0 || (long) count * (42 + hashLength) > end - 12) {
            throw new IOException("the number of entries is larger than the file");
        }
        GitIndexReader in = new GitIndexReader(bytes, end, version, hashLength);
        List<Entry> entries = in.read(count);
        SplitIndex split = extensions(ByteBuffer.wrap(bytes, in.position(), end - in.position()).slice(), hashLength);
        if (split == null && in.unnamed()) {
            throw new IOException("a path is empty");
        }
        return new Parsed(entries, split);
    }

    private static void verify(byte[] bytes, String algorithm, int hashLength) throws IOException {
        int end = bytes.length - hashLength;
        byte[] stored = Arrays.copyOfRange(bytes, end, bytes.length);
        if (Arrays.equals(stored, new byte[hashLength])) {
            return; // index.skipHash
        }
        MessageDigest digest = GitHash.digest(algorithm);
        digest.update(bytes, 0, end);
        if (!Arrays.equals(stored, digest.digest())) {
            throw new IOException("the checksum is wrong");
        }
    }

    static int number(byte[] file, int at) {
        return file[at] << 24 | (file[at + 1] & 0xff) << 16 | (file[at + 2] & 0xff) << 8 | file[at + 3] & 0xff;
    }

    static long time(byte[] file, int at) {
        return (number(file, at) & 0xffffffffL) * 1_000_000_000L + (number(file, at + 4) & 0xffffffffL);
    }

    /** Passes over extensions; what is returned is null unless the index is split. */
    private static SplitIndex extensions(ByteBuffer in, int hashLength) throws IOException {
        SplitIndex split = null;
        while (in.remaining() >= 8) {
            int signature = in.getInt();
            int size = in.getInt();
            if (size < 0 || size > in.remaining()) {
                throw new IOException("an extension is longer than the file");
            }
            if (signature == LINK) {
                split = SplitIndex.read(in.slice(in.position(), size), hashLength);
            }
            in.position(in.position() + size);
        }
        if (in.hasRemaining()) {
            throw new IOException("bytes are left over at the end");
        }
        return split;
    }
}

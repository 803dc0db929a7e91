package io.jenkins.plugins.hardenrunner.engine.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
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
    private static final int EXTENDED = 0x4000;
    private static final int SKIP_WORKTREE = 0x4000;
    private static final int ASSUME_UNCHANGED = 0x8000;
    private static final int LINK = 0x6c696e6b;

    /**
     * One entry.
     *
     * @param path relative to the work tree, with {@code /}
     * @param mode as git has it: 0100644, 0100755, 0120000 (link), 0160000 (submodule), 040000 (sparse directory)
     * @param id the object id in hexadecimal digits
     * @param mtime of the file when git last looked, nanoseconds since 1970; {@code ctime} likewise
     * @param inode the lower 32 bits
     * @param size the lower 32 bits
     * @param hidden whether git was told not to look at the file (assume-unchanged)
     * @param absent whether the file is not meant to be in the work tree
     */
    public record Entry(String path, int mode, String id, long mtime, long ctime, int inode, int size, boolean hidden,
            boolean absent) {
        /** Whether the entry is a regular file. */
        public boolean isFile() {
            return mode >>> 12 == 8;
        }

        /** Whether the entry is a symbolic link. */
        public boolean isLink() {
            return mode >>> 12 == 10;
        }

        /** Whether the entry is another repository. */
        public boolean isSubmodule() {
            return mode >>> 12 == 14;
        }

        Entry at(String otherPath) {
            return new Entry(otherPath, mode, id, mtime, ctime, inode, size, hidden, absent);
        }
    }

    private final List<Entry> entries;

    private GitIndex(List<Entry> entries) {
        this.entries = List.copyOf(entries);
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
        // A split index has its new entries at the end.
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparing(Entry::path)); // linear for what is sorted
        for (Entry entry : sorted) {
            digest.update((entry.path() + '\0' + entry.mode() + (entry.hidden() ? 'h' : ' ') + (entry.absent() ? 'a' : ' ')
                    + entry.id() + '\n').getBytes(StandardCharsets.UTF_8));
        }
        return "sha256:" + GitHash.hex(digest.digest());
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
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, bytes.length - hashLength).slice();
        if (in.getInt() != SIGNATURE) {
            throw new IOException("not a git index");
        }
        int version = in.getInt();
        if (version < 2 || version > 4) {
            throw new IOException("git index version " + Integer.toUnsignedString(version) + " is not 2, 3 or 4");
        }
        int count = in.getInt();
        // The smallest entry has its fixed part and one more byte, so a wrong count cannot reserve memory.
        if (count < 0 || (long) count * (42 + hashLength) > in.remaining()) {
            throw new IOException("the number of entries is larger than the file");
        }
        List<Entry> entries = new ArrayList<>(count);
        byte[] previous = new byte[0];
        for (int i = 0; i < count; i++) {
            previous = entry(in, version, hashLength, previous, entries);
        }
        SplitIndex split = extensions(in, hashLength);
        if (split == null && entries.stream().anyMatch(entry -> entry.path().isEmpty())) {
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

    /** Reads one entry and returns its path's bytes. */
    private static byte[] entry(ByteBuffer in, int version, int hashLength, byte[] previous, List<Entry> entries)
            throws IOException {
        int start = in.position();
        need(in, 42 + hashLength);
        long ctime = time(in);
        long mtime = time(in);
        in.getInt(); // device: changes with each mount
        int inode = in.getInt();
        int mode = in.getInt();
        in.getLong(); // owner and group
        int size = in.getInt();
        byte[] id = new byte[hashLength];
        in.get(id);
        int flags = in.getShort() & 0xffff;
        int extended = 0;
        if ((flags & EXTENDED) != 0) {
            if (version < 3) {
                throw new IOException("an extended entry in version 2");
            }
            need(in, 2);
            extended = in.getShort();
        }
        byte[] path = version == 4 ? compressed(in, previous) : terminated(in);
        if (version < 4) {
            int padded = (in.position() - 1 - start + 8 & ~7) - (in.position() - start);
            need(in, padded);
            in.position(in.position() + padded);
        }
        String text = new String(path, StandardCharsets.UTF_8);
        check(text);
        entries.add(new Entry(text, mode, GitHash.hex(id), mtime, ctime, inode, size, (flags & ASSUME_UNCHANGED) != 0,
                (extended & SKIP_WORKTREE) != 0));
        return path;
    }

    private static long time(ByteBuffer in) {
        long seconds = in.getInt() & 0xffffffffL;
        return seconds * 1_000_000_000L + (in.getInt() & 0xffffffffL);
    }

    private static byte[] terminated(ByteBuffer in) throws IOException {
        int from = in.position();
        int end = from;
        while (end < in.limit() && in.get(end) != 0) {
            end++;
        }
        need(in, end - from + 1);
        byte[] path = new byte[end - from];
        in.get(path);
        in.get();
        return path;
    }

    /** Version 4: how many bytes to drop from the end of the previous path, then what to append. */
    private static byte[] compressed(ByteBuffer in, byte[] previous) throws IOException {
        long drop = 0;
        for (int i = 0; ; i++) {
            need(in, 1);
            int b = in.get() & 0xff;
            drop = i == 0 ? b & 0x7f : drop + 1 << 7 | b & 0x7f;
            if ((b & 0x80) == 0) {
                break;
            }
            if (i == 4) {
                throw new IOException("a number in a path is too long");
            }
        }
        if (drop > previous.length) {
            throw new IOException("a path drops more than the path before it has");
        }
        byte[] tail = terminated(in);
        int kept = previous.length - (int) drop;
        byte[] path = Arrays.copyOf(previous, kept + tail.length);
        System.arraycopy(tail, 0, path, kept, tail.length);
        return path;
    }

    /** Paths stay in the work tree and out of git's own folder; an entry without a path belongs to a split index. */
    private static void check(String path) throws IOException {
        if (path.length() > 4096) {
            throw new IOException("a path is too long");
        }
        int end = path.endsWith("/") ? path.length() - 1 : path.length();
        for (int from = 0; from < end || from == end && !path.isEmpty(); ) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 || slash > end ? end : slash;
            if (to == from
                    || to - from == 1 && path.charAt(from) == '.'
                    || to - from == 2 && path.startsWith("..", from)
                    || to - from == 4 && path.regionMatches(true, from, ".git", 0, 4)) {
                throw new IOException("a path leaves the work tree");
            }
            from = to + 1;
        }
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

    private static void need(ByteBuffer in, int bytes) throws IOException {
        if (in.remaining() < bytes) {
            throw new IOException("the file ends in the middle of an entry");
        }
    }
}

package io.jenkins.plugins.hardenrunner.engine.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the entries of a git index one after the other. Plain loops over the bytes: a new JVM, as an agent often is, has
 * to run most of the first 100,000 entries before they are compiled.
 */
final class GitIndexReader {
    private static final int EXTENDED = 0x4000;
    private static final int SKIP_WORKTREE = 0x4000;
    private static final int ASSUME_UNCHANGED = 0x8000;

    private final byte[] file;
    private final int end;
    private final int version;
    private final int hashLength;
    /** Of version 4, whose paths build on the one before. */
    private byte[] previous = {};
    private boolean unnamed;
    private int position = 12;

    GitIndexReader(byte[] file, int end, int version, int hashLength) {
        this.file = file;
        this.end = end;
        this.version = version;
        this.hashLength = hashLength;
    }

    /** Where the next byte to read is. */
    int position() {
        return position;
    }

    /** Whether there was an entry without a path: only a split index has such. */
    boolean unnamed() {
        return unnamed;
    }

    List<GitIndex.Entry> read(int count) throws IOException {
        List<GitIndex.Entry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            entries.add(entry());
        }
        return entries;
    }

    private GitIndex.Entry entry() throws IOException {
        int start = position;
        need(42 + hashLength);
        position += 42 + hashLength;
        int flags = (file[position - 2] & 0xff) << 8 | file[position - 1] & 0xff;
        int extended = 0;
        if ((flags & EXTENDED) != 0) {
            if (version < 3) {
                throw new IOException("an extended entry in version 2");
            }
            need(2);
            extended = (file[position] & 0xff) << 8 | file[position + 1] & 0xff;
            position += 2;
        }
        String path = version == 4 ? compressed() : terminated(start);
        unnamed |= path.isEmpty();
        return new GitIndex.Entry(path, file, start, hashLength, (flags & ASSUME_UNCHANGED) != 0, (extended & SKIP_WORKTREE) != 0);
    }

    /** Versions 2 and 3: a whole path, then one to eight NUL up to a multiple of eight. */
    private String terminated(int start) throws IOException {
        int from = position;
        int length = length();
        position += length + 1;
        int padded = (position - 1 - start + 8 & ~7) - (position - start);
        need(padded);
        position += padded;
        return text(file, from, length);
    }

    /** Version 4: how many bytes to drop from the end of the previous path, then what to append. */
    private String compressed() throws IOException {
        long drop = 0;
        for (int i = 0; ; i++) {
            need(1);
            int b = file[position++] & 0xff;
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
        int length = length();
        int kept = previous.length - (int) drop;
        byte[] path = Arrays.copyOf(previous, kept + length);
        System.arraycopy(file, position, path, kept, length);
        position += length + 1;
        previous = path;
        return text(path, 0, path.length);
    }

    /** How many bytes there are up to the next NUL. */
    private int length() throws IOException {
        int nul = position;
        while (nul < end && file[nul] != 0) {
            nul++;
        }
        if (nul >= end) {
            throw new IOException("the file ends in the middle of an entry");
        }
        return nul - position;
    }

    private void need(int bytes) throws IOException {
        if (end - position < bytes) {
            throw new IOException("the file ends in the middle of an entry");
        }
    }

    /** A path that stays in the work tree and out of git's own folder; one without a name belongs to a split index. */
    private static String text(byte[] bytes, int from, int length) throws IOException {
        if (length > 4096) {
            throw new IOException("a path is too long");
        }
        int end = from + length;
        boolean plain = true;
        int part = from;
        for (int i = from; i < end; i++) {
            byte b = bytes[i];
            plain &= b > 0;
            if (b == '/') {
                check(bytes, part, i);
                part = i + 1;
            }
        }
        // The entry of a sparse directory ends with a slash.
        if (part < end) {
            check(bytes, part, end);
        }
        return new String(bytes, from, length, plain ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }

    private static void check(byte[] bytes, int from, int to) throws IOException {
        int length = to - from;
        if (length == 0
                || length == 1 && bytes[from] == '.'
                || length == 2 && bytes[from] == '.' && bytes[from + 1] == '.'
                || length == 4 && bytes[from] == '.' && (bytes[from + 1] | 0x20) == 'g' && (bytes[from + 2] | 0x20) == 'i'
                        && (bytes[from + 3] | 0x20) == 't') {
            throw new IOException("a path leaves the work tree");
        }
    }
}

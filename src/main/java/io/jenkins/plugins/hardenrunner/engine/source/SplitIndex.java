package io.jenkins.plugins.hardenrunner.engine.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The {@code link} extension of a split index (git's Documentation/gitformat-index): which shared index the file builds
 * on, and which of its entries are dropped or replaced.
 *
 * @param shared the id of the shared index, in the name {@code sharedindex.ID}; all zeros for none
 */
record SplitIndex(String shared, BitSet deleted, BitSet replaced) {

    /** Reads the extension's content. */
    static SplitIndex read(ByteBuffer in, int hashLength) throws IOException {
        if (in.remaining() < hashLength) {
            throw new IOException("the split index names no shared index");
        }
        byte[] id = new byte[hashLength];
        in.get(id);
        BitSet deleted = in.hasRemaining() ? bitmap(in) : new BitSet();
        BitSet replaced = in.hasRemaining() ? bitmap(in) : new BitSet();
        return new SplitIndex(GitHash.hex(id), deleted, replaced);
    }

    boolean hasShared() {
        return shared.chars().anyMatch(digit -> digit != '0');
    }

    /**
     * The whole list: the shared entries without the dropped ones, then those that are new.
     *
     * @param own the entries of the split index; the first ones have no path, they replace shared entries in their order
     */
    List<GitIndex.Entry> merge(List<GitIndex.Entry> base, List<GitIndex.Entry> own) throws IOException {
        if (deleted.length() > base.size() || replaced.length() > base.size()) {
            throw new IOException("the split index changes entries that the shared index does not have");
        }
        List<GitIndex.Entry> merged = new ArrayList<>(base.size() + own.size());
        int next = 0;
        for (int i = 0; i < base.size(); i++) {
            if (replaced.get(i)) {
                if (next == own.size() || !own.get(next).path().isEmpty()) {
                    throw new IOException("the split index has fewer entries than it replaces");
                }
                // Replaced and dropped at once is how git writes an entry that it has just removed.
                GitIndex.Entry entry = own.get(next++).at(base.get(i).path());
                if (!deleted.get(i)) {
                    merged.add(entry);
                }
            } else if (!deleted.get(i)) {
                merged.add(base.get(i));
            }
        }
        for (; next < own.size(); next++) {
            if (own.get(next).path().isEmpty()) {
                throw new IOException("a path is empty");
            }
            merged.add(own.get(next));
        }
        return merged;
    }

    /** An EWAH bitmap: runs of equal 64-bit words, each followed by some literal words, the lowest bit first. */
    private static BitSet bitmap(ByteBuffer in) throws IOException {
        if (in.remaining() < 8) {
            throw new IOException("a bitmap of the split index is cut off");
        }
        long size = in.getInt() & 0xffffffffL;
        long words = in.getInt() & 0xffffffffL;
        if (words * 8 + 4 > in.remaining()) {
            throw new IOException("a bitmap of the split index is longer than the file");
        }
        BitSet bits = new BitSet();
        long position = 0;
        while (words > 0) {
            long marker = in.getLong();
            words--;
            long run = (marker >>> 1 & 0xffffffffL) * 64;
            long literals = marker >>> 33;
            // Checked before anything is set: a run costs no bytes in the file, but would cost memory here.
            if (literals > words || position + run + literals * 64 > size + 63) {
                throw new IOException("a bitmap of the split index has more bits than it says");
            }
            if ((marker & 1) != 0) {
                bits.set((int) position, (int) Math.min(size, position + run));
            }
            position += run;
            for (; literals > 0; literals--, words--, position += 64) {
                long word = in.getLong();
                for (int i = 0; i < 64; i++) {
                    if ((word >>> i & 1) != 0) {
                        bits.set((int) position + i);
                    }
                }
            }
        }
        in.getInt(); // where the last marker is: needed to append only
        if (size > Integer.MAX_VALUE || bits.length() > size) {
            throw new IOException("a bitmap of the split index has more bits than it says");
        }
        return bits;
    }
}

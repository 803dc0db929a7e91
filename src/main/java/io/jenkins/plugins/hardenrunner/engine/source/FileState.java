package io.jenkins.plugins.hardenrunner.engine.source;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** What lstat says about a file; times in nanoseconds since 1970. */
record FileState(int mode, long size, long inode, long mtime, long ctime) {
    private static final long SECOND = 1_000_000_000L;
    private static final int PARALLEL = 2000;

    /** The state of a path, links not followed; null if nothing is there. */
    static FileState of(Path path) throws IOException {
        try {
            Map<String, Object> stat =
                    Files.readAttributes(path, "unix:mode,size,ino,lastModifiedTime,ctime", LinkOption.NOFOLLOW_LINKS);
            return new FileState((Integer) stat.get("mode"), ((Number) stat.get("size")).longValue(),
                    ((Number) stat.get("ino")).longValue(), nanos(stat.get("lastModifiedTime")), nanos(stat.get("ctime")));
        } catch (FileSystemException e) {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
            return null;
        }
    }

    /**
     * The states of many absolute paths at once; null where nothing is, or nothing that may be looked at, or a text that
     * this Java cannot turn into a path.
     */
    static FileState[] of(String[] names) {
        FileState[] states = new FileState[names.length];
        IntStream range = IntStream.range(0, names.length);
        // Waiting for the file system dominates, so two threads are nearly twice as fast.
        (names.length > PARALLEL ? range.parallel() : range).forEach(i -> {
            try {
                states[i] = of(Path.of(names[i]));
            } catch (IOException | InvalidPathException e) {
                states[i] = null;
            }
        });
        return states;
    }

    private static long nanos(Object time) {
        return ((FileTime) time).to(TimeUnit.NANOSECONDS);
    }

    boolean isFile() {
        return mode >>> 12 == 8;
    }

    boolean isLink() {
        return mode >>> 12 == 10;
    }

    boolean isExecutable() {
        return (mode & 0100) != 0;
    }

    /** The permission bits that let a file run, or run as somebody else. */
    int executable() {
        return mode & 06100;
    }

    /**
     * Whether the file can have changed after it was looked at without this state telling: clocks of file systems tick
     * every few milliseconds, or seconds where the times have no fraction ("racily clean" in git's words).
     */
    boolean racy(long takenAt) {
        long newest = Math.max(mtime, ctime);
        return newest > takenAt - (newest % SECOND == 0 ? 2 * SECOND : 20_000_000L);
    }

    /**
     * Whether git would take the file for unchanged. Files as new as the index itself can have changed within the
     * clock's resolution ("racily clean"), so they do not count.
     */
    boolean fits(GitIndex.Entry entry, long indexTime) {
        return timeFits(mtime, entry.mtime())
                && (entry.ctime() == 0 || timeFits(ctime, entry.ctime()))
                && mtime < indexTime
                && (int) size == entry.size()
                && (entry.inode() == 0 || (int) inode == entry.inode())
                && (isLink() || isExecutable() == ((entry.mode() & 0100) != 0));
    }

    /** Some programs that write indexes keep whole seconds only. */
    private static boolean timeFits(long time, long entryTime) {
        return entryTime % SECOND == 0 ? time / SECOND == entryTime / SECOND : time == entryTime;
    }
}

package io.jenkins.plugins.hardenrunner.engine.source;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What lstat says about a file; times in nanoseconds since 1970. */
record FileState(int mode, long size, long inode, long mtime, long ctime) {
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

    /**
     * Whether git would take the file for unchanged. Files as new as the index itself can have changed within the
     * clock's resolution ("racily clean"), so they do not count.
     */
    boolean fits(GitIndex.Entry entry, long indexTime) {
        boolean mtimeFits = entry.mtime() % 1_000_000_000L == 0
                ? mtime / 1_000_000_000L == entry.mtime() / 1_000_000_000L
                : mtime == entry.mtime();
        return mtimeFits
                && mtime < indexTime
                && (int) size == entry.size()
                && (entry.inode() == 0 || (int) inode == entry.inode())
                && isExecutable() == ((entry.mode() & 0100) != 0);
    }
}

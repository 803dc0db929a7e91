package io.jenkins.plugins.hardenrunner.engine.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Finds the work trees of git in a folder, or around it: the checkout, submodules, further checkouts beside it. */
final class WorkTrees {
    /** Folders full of what tools fetched or made. */
    static final Set<String> OUTPUT = Set.of("node_modules", "target", "build");

    /** Checkouts lie near the top; deeper ones are packages that a tool fetched. */
    private static final int MAX_DEPTH = 6;
    private static final int MAX_FOLDERS = 4000;

    private record Folder(Path path, int depth) {}

    /**
     * What was in a folder.
     *
     * @param readAt when it was read, nanoseconds since 1970
     */
    record Listing(FileState state, long readAt, List<String> subfolders) {
        /** An entry cannot come or go without the folder's times telling, which only the machine's owner can turn back. */
        boolean holds(FileState now) {
            return state.equals(now) && !state.racy(readAt);
        }
    }

    private final Predicate<String> knownFile;
    private final TrackedFolders tracked;
    private final Consumer<Path> found;
    private final Map<String, Listing> before;
    private final Map<String, Listing> listings;

    /**
     * @param knownFile whether an absolute path is a file for sure, which saves looking at it
     * @param tracked folders that need not be read
     * @param found called with each work tree as it is found, so that its files can become known
     * @param before what an earlier search saw in folders: those that were not written to since are not read again
     * @param listings takes what this search sees
     */
    WorkTrees(Predicate<String> knownFile, TrackedFolders tracked, Consumer<Path> found, Map<String, Listing> before,
            Map<String, Listing> listings) {
        this.tracked = tracked;
        this.knownFile = knownFile;
        this.found = found;
        this.before = before;
        this.listings = listings;
    }

    /** Searches; false if there were more folders than are looked at. */
    boolean find(Path folder) throws IOException {
        for (Path around = folder; around != null; around = around.getParent()) {
            if (isWorkTree(around)) {
                found.accept(around);
                break;
            }
        }
        if (folder.getParent() == null) {
            return true; // the whole machine is no workspace
        }
        Queue<Folder> folders = new ArrayDeque<>();
        folders.add(new Folder(folder, 0));
        int seen = 0;
        for (; !folders.isEmpty() && seen < MAX_FOLDERS; seen++) {
            Folder next = folders.remove();
            if (next.depth() > 0 && isWorkTree(next.path())) {
                found.accept(next.path());
            }
            if (next.depth() < MAX_DEPTH) {
                subfolders(next, folders, next.depth() == 0);
            }
        }
        return folders.isEmpty();
    }

    private static boolean isWorkTree(Path folder) {
        return Files.exists(folder.resolve(".git"), LinkOption.NOFOLLOW_LINKS);
    }

    private void subfolders(Folder folder, Queue<Folder> folders, boolean mustBeReadable) throws IOException {
        String path = folder.path().toString();
        FileState state = FileState.of(folder.path());
        Listing listing = before.get(path);
        if (listing == null || !listing.holds(state)) {
            Instant now = Instant.now();
            List<String> tracked = this.tracked.all(folder.path());
            // A list of names: a stream of paths takes several times as long for 100,000 files.
            String[] names = tracked != null ? tracked.toArray(String[]::new) : folder.path().toFile().list();
            if (names == null) {
                if (mustBeReadable) {
                    throw new IOException("the folder " + path + " cannot be read");
                }
                return; // a folder of another user holds no sources of this build
            }
            listing = new Listing(state, TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano(), subfolders(path, names));
        }
        listings.put(path, listing);
        for (String name : listing.subfolders()) {
            folders.add(new Folder(folder.path().resolve(name), folder.depth() + 1));
        }
    }

    private List<String> subfolders(String folder, String[] names) {
        String prefix = folder.concat("/");
        List<String> subfolders = new ArrayList<>();
        for (String name : names) {
            if (!name.startsWith(".") && !OUTPUT.contains(name) && !knownFile.test(prefix.concat(name)) && isFolder(prefix.concat(name))) {
                subfolders.add(name);
            }
        }
        return subfolders;
    }

    private static boolean isFolder(String path) {
        try {
            return Files.isDirectory(Path.of(path), LinkOption.NOFOLLOW_LINKS);
        } catch (InvalidPathException e) {
            return false; // a name in another encoding: below it no path could be told
        }
    }
}

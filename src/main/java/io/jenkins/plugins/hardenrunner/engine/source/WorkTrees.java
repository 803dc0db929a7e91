package io.jenkins.plugins.hardenrunner.engine.source;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Set;
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

    private final Predicate<String> knownFile;
    private final Consumer<Path> found;

    /**
     * @param knownFile whether an absolute path is a file for sure, which saves looking at it
     * @param found called with each work tree as it is found, so that its files can become known
     */
    WorkTrees(Predicate<String> knownFile, Consumer<Path> found) {
        this.knownFile = knownFile;
        this.found = found;
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
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder.path())) {
            for (Path child : children) {
                String name = child.getFileName().toString();
                if (!name.startsWith(".") && !OUTPUT.contains(name) && !knownFile.test(child.toString())
                        && Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                    folders.add(new Folder(child, folder.depth() + 1));
                }
            }
        } catch (IOException e) {
            if (mustBeReadable) {
                throw e;
            }
            // A folder of another user holds no sources of this build.
        }
    }
}

package io.jenkins.plugins.hardenrunner.engine.source;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/** Finds the work trees of git in a folder, or around it: the checkout, submodules, further checkouts beside it. */
final class WorkTrees {
    /** Checkouts lie near the top; deeper ones are packages that a tool fetched. */
    private static final int MAX_DEPTH = 6;
    private static final int MAX_FOLDERS = 4000;
    private static final Set<String> SKIPPED = Set.of("node_modules", "target", "build");

    private record Folder(Path path, int depth) {}

    private WorkTrees() {}

    static List<Path> find(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path around = folder; around != null; around = around.getParent()) {
            if (isWorkTree(around)) {
                found.add(around);
                break;
            }
        }
        if (folder.getParent() == null) {
            return found; // the whole machine is no workspace
        }
        Queue<Folder> folders = new ArrayDeque<>();
        folders.add(new Folder(folder, 0));
        for (int seen = 0; !folders.isEmpty() && seen < MAX_FOLDERS; seen++) {
            Folder next = folders.remove();
            if (next.depth() > 0 && isWorkTree(next.path())) {
                found.add(next.path());
            }
            if (next.depth() < MAX_DEPTH) {
                subfolders(next, folders, next.depth() == 0);
            }
        }
        return found;
    }

    private static boolean isWorkTree(Path folder) {
        return Files.exists(folder.resolve(".git"), LinkOption.NOFOLLOW_LINKS);
    }

    private static void subfolders(Folder folder, Queue<Folder> folders, boolean mustBeReadable) throws IOException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder.path())) {
            for (Path child : children) {
                String name = child.getFileName().toString();
                if (!name.startsWith(".") && !SKIPPED.contains(name)
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

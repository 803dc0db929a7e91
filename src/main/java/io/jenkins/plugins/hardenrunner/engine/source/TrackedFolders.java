package io.jenkins.plugins.hardenrunner.engine.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The folders of a work tree that hold tracked files. Where the file system counts the subfolders of a folder in its
 * links, a folder that has as many as git knows need not be read to find further checkouts in it: of 100,000 files that
 * is nearly every folder.
 */
final class TrackedFolders {
    /** File systems on which a folder has two links and one for each subfolder. Others count nothing, or always say 2. */
    private static final Set<String> COUNTING = Set.of("ext2", "ext3", "ext4", "xfs", "tmpfs");

    private final Map<String, List<String>> subfolders = new HashMap<>();
    private Object device;

    /**
     * Adds all files of a work tree; every one has to be there.
     *
     * @param names absolute, those of a folder next to each other as git sorts them
     */
    void add(Path workTree, List<String> names) {
        try {
            if (!COUNTING.contains(Files.getFileStore(workTree).type())) {
                return;
            }
            Object here = stat(workTree).get("dev");
            if (device != null && !device.equals(here)) {
                return;
            }
            device = here;
        } catch (IOException | SecurityException e) {
            return; // then folders are read
        }
        String last = workTree.toString();
        subfolders.putIfAbsent(last, new ArrayList<>());
        for (String name : names) {
            int slash = name.lastIndexOf('/');
            if (slash != last.length() || !name.startsWith(last)) {
                last = name.substring(0, slash);
                add(last);
            }
        }
    }

    /** Adds a folder, and those around it that are new, each to the one around it. */
    private void add(String folder) {
        if (subfolders.putIfAbsent(folder, new ArrayList<>()) == null) {
            int slash = folder.lastIndexOf('/');
            String parent = folder.substring(0, slash);
            add(parent);
            subfolders.get(parent).add(folder.substring(slash + 1));
        }
    }

    /** The names of the subfolders of a folder if they are certain to be all; else null. */
    List<String> all(Path folder) {
        List<String> names = subfolders.get(folder.toString());
        if (names == null) {
            return null;
        }
        try {
            Map<String, Object> state = stat(folder);
            if (!state.get("dev").equals(device) || !state.get("nlink").equals(2 + names.size())) {
                return null;
            }
            for (String name : names) {
                // A link in the place of a tracked folder would make room in the count for another one.
                if (!Files.isDirectory(folder.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                    return null;
                }
            }
            return names;
        } catch (IOException e) {
            return null;
        }
    }

    private static Map<String, Object> stat(Path folder) throws IOException {
        return Files.readAttributes(folder, "unix:dev,nlink", LinkOption.NOFOLLOW_LINKS);
    }
}

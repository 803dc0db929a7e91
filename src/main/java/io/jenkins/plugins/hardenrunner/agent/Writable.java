package io.jenkins.plugins.hardenrunner.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** Trees outside the workspace that build tools write with good reason: temporary folders and caches. */
final class Writable {
    private static final String[] CACHES = {
        ".m2", ".gradle", ".ivy2", ".sbt", ".npm", ".yarn", ".pnpm-store", ".cache", ".cargo", ".rustup", "go",
        ".nuget", ".node-gyp", ".local/share"
    };

    private Writable() {}

    /** Those that exist, as absolute paths. */
    @NonNull
    static String[] of(@NonNull String home, @NonNull String temporary) {
        Set<String> trees = new TreeSet<>();
        add(trees, Path.of("/tmp"));
        add(trees, Path.of("/var/tmp"));
        add(trees, Path.of("/dev/shm"));
        if (!temporary.isEmpty()) {
            add(trees, Path.of(temporary));
        }
        if (!home.isEmpty()) {
            for (String cache : CACHES) {
                add(trees, Path.of(home).resolve(cache));
            }
        }
        return trees.toArray(String[]::new);
    }

    private static void add(Set<String> trees, Path tree) {
        if (Files.isDirectory(tree)) {
            trees.add(tree.toAbsolutePath().normalize().toString());
        }
    }
}

package io.jenkins.plugins.hardenrunner.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.engine.source.SourceManifest;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The paths of a workspace whose change matters: sources, git's own folder, and what the policy names besides. */
final class ProtectedPaths {
    private ProtectedPaths() {}

    /**
     * Absolute paths, sorted.
     *
     * @param globs relative to the workspace, as {@link FileSystems} knows them; a plain path need not exist yet
     */
    @NonNull
    static Set<String> of(@NonNull Path workspace, @NonNull SourceManifest manifest, @NonNull List<String> globs)
            throws IOException {
        Set<String> paths = new TreeSet<>(manifest.protectedPaths());
        TreeSet<String> patterns = new TreeSet<>();
        for (String glob : globs) {
            if (isPattern(glob)) {
                patterns.add(glob);
            } else {
                paths.add(workspace.resolve(glob).normalize().toString());
            }
        }
        if (!patterns.isEmpty()) {
            match(workspace, patterns, paths);
        }
        return paths;
    }

    /** Whether a glob is more than a plain path. */
    static boolean isPattern(String glob) {
        return !glob.matches("[^*?\\[\\]{}\\\\]+");
    }

    private static void match(Path workspace, Set<String> patterns, Set<String> paths) throws IOException {
        List<PathMatcher> matchers = patterns.stream()
                .map(pattern -> FileSystems.getDefault().getPathMatcher("glob:" + pattern))
                .toList();
        Files.walkFileTree(workspace, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                Path relative = workspace.relativize(file);
                if (matchers.stream().anyMatch(matcher -> matcher.matches(relative))) {
                    paths.add(file.toString());
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE; // gone meanwhile, or not ours to read
            }
        });
    }
}

package io.jenkins.plugins.hardenrunner.cli;

import io.jenkins.plugins.hardenrunner.engine.policy.CredentialStores;
import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.FilePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.Text;
import io.jenkins.plugins.hardenrunner.engine.source.CaptureOptions;
import io.jenkins.plugins.hardenrunner.engine.source.SourceManifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** The folder in which the command runs: what is protected, writable and secret around it. */
final class Workspace {
    private static final int MAX_VISITED = 200_000;
    /** Leaves room for rules in the 64 MiB of a policy file. */
    private static final long MAX_PROTECTED_BYTES = 48L << 20;

    private static final List<String> CACHES = List.of(
            ".cache", ".cargo", ".gradle", ".local/share", ".m2", ".npm", ".nuget", ".yarn", "go");

    final Path folder;
    final SourceManifest manifest;
    final List<String> notes = new ArrayList<>();

    Workspace(Path folder, FilePolicy policy) throws IOException {
        this.folder = folder;
        this.manifest = policy == FilePolicy.OFF ? null : SourceManifest.capture(folder, CaptureOptions.DEFAULTS.home(home()));
        if (manifest != null) {
            notes.addAll(manifest.notes());
        }
    }

    /** Files under version control, git's own folder, build definitions, and what the globs match. */
    List<String> protectedPaths(EffectivePolicy policy) throws IOException {
        if (manifest == null) {
            return List.of();
        }
        Set<String> paths = new LinkedHashSet<>();
        for (String glob : policy.protectedGlobs()) {
            paths.addAll(matching(glob));
        }
        long bytes = paths.stream().mapToLong(Workspace::size).sum();
        Set<String> tracked = manifest.protectedPaths();
        bytes += tracked.stream().mapToLong(Workspace::size).sum();
        if (bytes <= MAX_PROTECTED_BYTES) {
            paths.addAll(tracked);
        } else if (policy.filePolicy() == FilePolicy.BLOCK) {
            throw new CliException(ExitCode.NOT_STARTED, tracked.size() + " files under version control are more than a"
                    + " policy file holds: use --file-policy audit, which compares them after the command");
        } else {
            notes.add(tracked.size() + " files under version control are too many to be watched while the command runs;"
                    + " they were compared after it");
        }
        return new ArrayList<>(paths);
    }

    private static long size(String path) {
        // At worst each byte is percent-encoded.
        return path.getBytes(StandardCharsets.UTF_8).length + 10L;
    }

    private List<String> matching(String glob) throws IOException {
        if (!glob.matches(".*[*?\\[{].*")) {
            return List.of(folder.resolve(glob).normalize().toString());
        }
        PathMatcher matcher;
        try {
            matcher = FileSystems.getDefault().getPathMatcher("glob:" + glob);
        } catch (PatternSyntaxException e) {
            throw new PolicyException("protected path '" + Text.shown(glob) + "', character " + (e.getIndex() + 1) + ": "
                    + e.getDescription(), e);
        }
        List<String> found = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            private int visited;

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (matcher.matches(folder.relativize(file))) {
                    found.add(file.toString());
                }
                return ++visited < MAX_VISITED ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        if (found.isEmpty()) {
            notes.add("the protected path '" + Text.shown(glob) + "' matched no file");
        }
        return found;
    }

    /** What stays writable with the file policy {@code block}: the folder, temporary folders, the caches of tools. */
    List<String> writable() {
        Path home = home();
        Stream<Path> places = Stream.of(folder, Path.of("/tmp"), Path.of("/var/tmp"), Path.of("/dev/shm"),
                Path.of(System.getenv().getOrDefault("TMPDIR", "/tmp")).toAbsolutePath());
        Stream<Path> caches = CACHES.stream().map(home::resolve);
        return Stream.concat(places, caches).filter(Files::isDirectory).map(Path::normalize).map(Path::toString)
                .distinct().toList();
    }

    /** Where tools keep credentials, and what the policy adds to that. */
    List<String> credentials(EffectivePolicy policy) {
        return CredentialStores.of(policy, home().toString());
    }

    private static Path home() {
        // The environment's, as the command sees it, not the password file's.
        String home = System.getenv("HOME");
        return Path.of(home == null || !home.startsWith("/") ? System.getProperty("user.home") : home);
    }
}

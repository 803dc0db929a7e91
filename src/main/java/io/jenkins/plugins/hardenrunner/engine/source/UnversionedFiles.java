package io.jenkins.plugins.hardenrunner.engine.source;

import io.jenkins.plugins.hardenrunner.engine.source.SourceChange.Category;
import io.jenkins.plugins.hardenrunner.engine.source.SourceManifest.Root;
import io.jenkins.plugins.hardenrunner.engine.source.SourceManifest.Source;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The files of a folder without git: another version control system, an unpacked archive, {@code unstash}. There is no
 * list of what belongs there, so all that is there counts, within bounds of time and size; beyond them files are known
 * by size and times only.
 */
final class UnversionedFiles {
    /** What builds make, or tools fetch; a second build in the same workspace writes there again. */
    private static final Set<String> OUTPUT = Set.of(
            "node_modules", "target", "build", "dist", "out", "bin", "obj", "__pycache__", "venv", "coverage", "vendor");

    private final ManifestCapture capture;
    private final SourceManifest manifest;
    private final CaptureOptions options;
    private final Root root;
    private final List<Path> files = new ArrayList<>();

    UnversionedFiles(ManifestCapture capture, CaptureOptions options, Root root) {
        this.capture = capture;
        this.manifest = capture.manifest();
        this.options = options;
        this.root = root;
    }

    void capture() throws IOException {
        Files.walkFileTree(root.folder(), new Finder());
        if (files.size() == options.maxFiles()) {
            manifest.notes.add("only the first " + options.maxFiles() + " files in " + root.folder() + " are watched");
        }
        FileState[] states = FileState.of(files.stream().map(Path::toString).toArray(String[]::new));
        long end = System.nanoTime() + options.maxTime().toNanos();
        long bytes = 0;
        int unread = 0;
        for (int i = 0; i < states.length; i++) {
            FileState state = states[i];
            Path file = files.get(i);
            if (state == null || !state.isFile() && !state.isLink()) {
                continue;
            }
            Category category = BuildDefinitions.named(file.getFileName().toString())
                    ? Category.BUILD_DEFINITION : Category.UNVERSIONED;
            if (capture.known(category, root, file.toString(), state)) {
                continue;
            }
            if (bytes + state.size() > options.maxBytes() || System.nanoTime() > end) {
                unread++;
                manifest.sources.put(file.toString(), new Source(category, root, state, null, null));
                continue;
            }
            bytes += state.size();
            try {
                capture.add(category, root, file, state, null, null);
            } catch (IOException e) {
                manifest.notes.add(file + " is not watched: " + e.getMessage());
            }
        }
        if (unread > 0) {
            manifest.notes.add("of " + unread + " files in " + root.folder() + " only size and times are known: reading all"
                    + " would take longer than " + options.maxTime().toSeconds() + " s or be more than "
                    + (options.maxBytes() >> 20) + " MiB");
        }
    }

    private final class Finder extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            boolean top = folder.equals(root.folder());
            boolean output = OUTPUT.contains(folder.getFileName() == null ? "" : folder.getFileName().toString());
            boolean other = manifest.roots.stream().anyMatch(any -> any != root && any.folder().equals(folder));
            return !top && (output || other) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (files.size() == options.maxFiles()) {
                return FileVisitResult.TERMINATE;
            }
            files.add(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE; // gone meanwhile, or not ours to read
        }
    }
}

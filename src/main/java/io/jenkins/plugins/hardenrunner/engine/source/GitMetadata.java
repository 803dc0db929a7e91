package io.jenkins.plugins.hardenrunner.engine.source;

import io.jenkins.plugins.hardenrunner.engine.source.SourceChange.Category;
import io.jenkins.plugins.hardenrunner.engine.source.SourceManifest.Root;
import io.jenkins.plugins.hardenrunner.engine.source.SourceManifest.Source;
import io.jenkins.plugins.hardenrunner.engine.source.SourceManifest.Watch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Git's own settings beside a work tree: hooks, configuration, attributes, branches and tags, and the index. */
final class GitMetadata {
    private static final int MAX_REFS = 200_000;
    private static final int MAX_LISTED = 64 * 1024;
    /** No file: stands for all refs together. */
    static final String REFS = "refs";

    private final SourceManifest manifest;
    private final ManifestCapture capture;
    private final Root root;
    private final GitRepository repository;

    GitMetadata(SourceManifest manifest, ManifestCapture capture, Root root) {
        this.manifest = manifest;
        this.capture = capture;
        this.root = root;
        this.repository = root.repository();
    }

    void capture(GitIndex index, FileState indexState) throws IOException {
        capture(new Source(Category.GIT_INDEX, root, indexState, index.digest(), null));
    }

    /** @param index what the index said and still says */
    void capture(Source index) throws IOException {
        Path common = repository.commonDirectory();
        Path own = repository.gitDirectory();
        capture.watchFolder(Category.GIT_HOOK, root, common.resolve("hooks"), Watch.Scope.FOLDER);
        config(common.resolve("config"));
        config(own.resolve("config.worktree"));
        for (String name : List.of("info/attributes", "info/grafts", "info/exclude", "objects/info/alternates")) {
            capture.watch(Category.GIT_CONFIG, root, common.resolve(name));
        }
        capture.watch(Category.GIT_CONFIG, root, own.resolve("info/sparse-checkout"));
        put(own.resolve("HEAD"), Category.GIT_REF, headOf(own));
        put(common.resolve(REFS), Category.GIT_REF, listing(common));
        manifest.sources.put(repository.index().toString(), new Source(Category.GIT_INDEX, root, index.state(), index.digest(), null));
    }

    private void config(Path file) throws IOException {
        FileState state = FileState.of(file);
        if (state == null || !state.isFile()) {
            capture.watch(Category.GIT_CONFIG, root, file);
            return;
        }
        byte[] content = Contents.read(file);
        manifest.sources.put(file.toString(), new Source(Category.GIT_CONFIG, root, state, Contents.sha256(file, state),
                content == null ? null : GitConfig.listing(content)));
        String hooks = content == null ? null : GitConfig.value(new String(content, StandardCharsets.UTF_8), "core.hookspath");
        if (hooks != null) {
            try {
                capture.watchFolder(Category.GIT_HOOK, root, root.folder().resolve(hooks).normalize(), Watch.Scope.FOLDER);
            } catch (InvalidPathException e) {
                manifest.notes.add(file + ": core.hooksPath is no path");
            }
        }
    }

    private void put(Path path, Category category, String listing) throws IOException {
        byte[] bytes = listing.getBytes(StandardCharsets.UTF_8);
        FileState state = FileState.of(path);
        manifest.sources.put(path.toString(), new Source(category, root, state == null ? new FileState(0, 0, 0, 0, 0) : state,
                digest(bytes), bytes.length > MAX_LISTED ? Arrays.copyOf(bytes, MAX_LISTED) : bytes));
    }

    private static String digest(byte[] bytes) {
        return "sha256:" + GitHash.hex(GitHash.digest("SHA-256").digest(bytes));
    }

    private static String headOf(Path gitDirectory) throws IOException {
        Path head = gitDirectory.resolve("HEAD");
        return Files.isRegularFile(head) ? GitRepository.text(head) : "";
    }

    /** Every ref with its value, one a line and sorted: the same whether git has packed them or not. */
    private static String listing(Path common) throws IOException {
        TreeMap<String, String> refs = new TreeMap<>();
        Path packed = common.resolve("packed-refs");
        if (Files.isRegularFile(packed)) {
            for (String line : new String(Files.readAllBytes(packed), StandardCharsets.UTF_8).split("\n")) {
                int space = line.indexOf(' ');
                if (!line.startsWith("#") && !line.startsWith("^") && space > 0 && refs.size() < MAX_REFS) {
                    refs.put(line.substring(space + 1), line.substring(0, space));
                }
            }
        }
        Path folder = common.resolve(REFS);
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile).limit(MAX_REFS)::iterator) {
                    String name = common.relativize(file).toString();
                    if (!name.endsWith(".lock")) {
                        refs.put(name, GitRepository.text(file).strip());
                    }
                }
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
        StringBuilder out = new StringBuilder();
        refs.forEach((name, value) -> out.append(name).append(' ').append(value).append('\n'));
        return out.toString();
    }

    /** How HEAD or the refs changed since; null if they did not. */
    static SourceChange compareRefs(String path, Source source) throws IOException {
        Path file = Path.of(path);
        boolean all = file.getFileName().toString().equals(REFS);
        String now = all ? listing(file.getParent()) : headOf(file.getParent());
        byte[] bytes = now.getBytes(StandardCharsets.UTF_8);
        String after = digest(bytes);
        if (after.equals(source.digest())) {
            return null;
        }
        byte[] shown = bytes.length > MAX_LISTED ? Arrays.copyOf(bytes, MAX_LISTED) : bytes;
        return new SourceChange(path, source.root().folder().toString(), Category.GIT_REF, SourceChange.Kind.MODIFIED,
                source.digest(), after, null, null, LineDiff.of(source.content(), shown), null, List.of());
    }

    /** Whether the index says something else since; null if it does not. */
    static SourceChange compareIndex(String path, Source source) throws IOException {
        Path file = Path.of(path);
        FileState now = FileState.of(file);
        String after = now == null ? null
                : now.equals(source.state()) ? source.digest()
                        : GitIndex.read(file, source.root().repository().algorithm()).digest();
        if (source.digest().equals(after)) {
            return null;
        }
        return new SourceChange(path, source.root().folder().toString(), Category.GIT_INDEX,
                after == null ? SourceChange.Kind.DELETED : SourceChange.Kind.MODIFIED, source.digest(), after,
                source.state().size(), now == null ? null : now.size(), null,
                "the list of tracked files, their blobs, or the marks with which git overlooks changes", List.of());
    }
}

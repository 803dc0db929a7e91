package io.jenkins.plugins.hardenrunner.engine.source;

import io.jenkins.plugins.hardenrunner.engine.source.SourceChange.Category;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * What the files that a build is made from are at one moment, to be compared with what they are later: files under
 * version control, git's own settings beside them, build definitions that are not tracked, and, where there is no git,
 * every file that is there.
 *
 * <p>A file that git's index knows as unchanged is identified by its blob, without reading it; every other one by its
 * content on disk. A change is always decided by content, never by times.
 */
public final class SourceManifest {
    /** Something that files belong to. @param repository null for a folder without git */
    record Root(Path folder, GitRepository repository) {}

    /**
     * A file at the moment of capture.
     *
     * @param digest {@code blob:…}, {@code sha256:…} or {@code link:…}; null if it was not read
     * @param content for a later diff; null if it is in the repository, too large, or may hold secrets
     */
    record Source(Category category, Root root, FileState state, String digest, byte[] content) {
        boolean saysTheSame(Source other) {
            return this == other || other != null && category == other.category && root.equals(other.root)
                    && state.equals(other.state) && Objects.equals(digest, other.digest) && Arrays.equals(content, other.content);
        }
    }

    /** A place where a new file matters: a file, a folder with all its files, or one with its build definitions. */
    record Watch(Category category, Root root, String path, Scope scope) {
        enum Scope {
            FILE,
            FOLDER,
            DEFINITIONS
        }
    }

    final Map<String, Source> sources = new LinkedHashMap<>();
    final List<Root> roots = new ArrayList<>();
    /** Git's own folders. */
    private final Set<String> folders = new TreeSet<>();
    final List<Watch> watches = new ArrayList<>();
    final List<String> notes = new ArrayList<>();
    /** The work trees of which every file in the index was there; known only to the capture, not written. */
    final Set<Path> whole = new TreeSet<>();
    /** The folders that were searched for work trees; known only to the capture, not written. */
    final Map<String, WorkTrees.Listing> listings = new HashMap<>();
    /** When the capture began, nanoseconds since 1970. */
    long takenAt;

    SourceManifest() {}

    /**
     * Captures a workspace as {@link #capture(Path, CaptureOptions)} does with the usual limits.
     *
     * @throws IOException if the folder cannot be read
     */
    public static SourceManifest capture(Path workspace) throws IOException {
        return capture(workspace, CaptureOptions.DEFAULTS);
    }

    /**
     * Captures all work trees of git in and, if the folder itself is inside of one, around a folder; where it is inside
     * of none, every file in it.
     *
     * @throws IOException if the folder cannot be read; a repository that cannot is told in {@link #notes}
     */
    public static SourceManifest capture(Path workspace, CaptureOptions options) throws IOException {
        return new ManifestCapture(options).capture(workspace.toRealPath());
    }

    /** Writes the manifest in a form that {@link #read} understands; the stream stays open. */
    public void write(OutputStream out) throws IOException {
        ManifestFormat.write(this, out);
    }

    /**
     * Reads a manifest that {@link #write} has written.
     *
     * @throws IOException if the stream holds something else; the message says what
     */
    public static SourceManifest read(InputStream in) throws IOException {
        return ManifestFormat.read(in);
    }

    /** The manifest as {@link #write} has it, compressed. Most of it are digests, so that more effort gains little. */
    public byte[] compressed() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
        Deflater deflater = new Deflater(Deflater.BEST_SPEED);
        try (OutputStream out = new DeflaterOutputStream(bytes, deflater, 1 << 15)) {
            write(out);
        } finally {
            deflater.end();
        }
        return bytes.toByteArray();
    }

    /**
     * Reads what {@link #compressed} returned.
     *
     * @throws IOException if it is something else; the message says what
     */
    public static SourceManifest decompressed(byte[] bytes) throws IOException {
        try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(bytes), new Inflater(), 1 << 15)) {
            return read(in);
        }
    }

    /**
     * Whether another manifest says the same of every file, its state included. Then the earlier of the two can stand for
     * both: what it may not know for sure, because it was written too shortly before, is read again in any case.
     */
    public boolean saysTheSame(SourceManifest other) {
        return sources.size() == other.sources.size() && roots.equals(other.roots) && watches.equals(other.watches)
                && notes.equals(other.notes)
                && sources.entrySet().stream().allMatch(entry -> entry.getValue().saysTheSame(other.sources.get(entry.getKey())));
    }

    /** The absolute paths of all captured files. */
    public Set<String> paths() {
        return Collections.unmodifiableSet(sources.keySet());
    }

    /**
     * Whether an absolute path is one of the captured files. Any text will do: names in events are hostile. Git's index
     * and refs are none: git rewrites them without saying anything new.
     */
    public boolean contains(String absolutePath) {
        Source source = sources.get(absolutePath);
        return source != null && source.category() != Category.GIT_INDEX && source.category() != Category.GIT_REF;
    }

    /**
     * Whether a path lies in a repository's own folder, where what matters is compared and the rest is git's business. A
     * hook is of interest even if it is gone at the end: it may have run.
     */
    public boolean covers(String absolutePath) {
        return !absolutePath.contains("/hooks/")
                && folders.stream().anyMatch(folder -> absolutePath.equals(folder) || absolutePath.startsWith(folder + "/"));
    }

    void add(Root root) {
        roots.add(root);
        if (root.repository() != null) {
            folders.add(root.folder().resolve(".git").toString());
            folders.add(root.repository().gitDirectory().toString());
            folders.add(root.repository().commonDirectory().toString());
        }
    }

    /**
     * What a policy should protect, absolute: sources, build definitions, and git's own folders. Of repositories in which
     * files are not tracked one by one (no git) nothing is named: builds write there.
     */
    public Set<String> protectedPaths() {
        Set<String> paths = new TreeSet<>(folders);
        sources.forEach((path, source) -> {
            switch (source.category()) {
                case SOURCE, BUILD_DEFINITION -> paths.add(path);
                default -> { } // in git's folders, or of a kind that builds may write
            }
        });
        for (Watch watch : watches) {
            if (watch.category() != Category.BUILD_DEFINITION) {
                continue; // in git's folders
            }
            if (watch.scope() != Watch.Scope.DEFINITIONS) {
                paths.add(watch.path());
            } else if (roots.stream().anyMatch(root -> root.repository() != null && root.folder().toString().equals(watch.path()))) {
                BuildDefinitions.names().forEach(name -> paths.add(watch.path() + "/" + name));
            }
        }
        return paths;
    }

    /** How many files of a category were captured. */
    public long count(Category category) {
        return sources.values().stream().filter(source -> source.category() == category).count();
    }

    /** What could not be captured and why, for the report's coverage. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /**
     * What changed since the capture. A file that no event touched and whose size, times and inode are the same is
     * taken for unchanged; of each other one the content decides.
     *
     * @param touched absolute paths that were opened for writing, renamed or removed; any text will do
     */
    public List<SourceChange> compareTouched(Set<String> touched) {
        return new ManifestComparison(this, touched).changes();
    }
}

package io.jenkins.plugins.hardenrunner.engine.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the files under version control in a workspace are at one moment, to be compared with what they are later.
 *
 * <p>A file that git's index knows as unchanged is identified by its blob, without reading it; every other one by its
 * content on disk. A change is always decided by content, never by times.
 */
public final class SourceManifest {
    /** Contents up to this size are compared line by line. */
    static final int MAX_DIFFED = 256 * 1024;

    private static final long MAX_KEPT = 16L << 20;

    /** A file at the moment of capture. @param digest {@code blob:…}, {@code sha256:…} or {@code link:…} */
    record Source(GitRepository repository, String blob, FileState state, String digest, byte[] content) {}

    final Map<Path, Source> sources = new LinkedHashMap<>();
    final List<String> notes = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    final Set<Path> workTrees = new LinkedHashSet<>();
    private long kept;

    SourceManifest() {}

    /**
     * Captures all work trees of git in and, if the folder itself is inside of one, around a folder.
     *
     * @throws IOException if the folder cannot be read; a repository that cannot is told in {@link #notes}
     */
    public static SourceManifest capture(Path workspace) throws IOException {
        SourceManifest manifest = new SourceManifest();
        for (Path workTree : WorkTrees.find(workspace.toRealPath())) {
            try {
                manifest.add(workTree);
            } catch (IOException e) {
                manifest.notes.add("sources in " + workTree + " are not watched: " + e.getMessage());
            }
        }
        return manifest;
    }

    private void add(Path workTree) throws IOException {
        GitRepository repository = GitRepository.of(workTree);
        if (repository == null || !Files.isRegularFile(repository.index())) {
            return;
        }
        workTrees.add(workTree);
        FileState indexState = FileState.of(repository.index());
        GitIndex index = GitIndex.read(repository.index(), repository.algorithm());
        boolean filtered = repository.filtered()
                || index.entries().stream().anyMatch(entry -> entry.path().equals(".gitattributes")
                        || entry.path().endsWith("/.gitattributes"));
        for (GitIndex.Entry entry : index.entries()) {
            if (entry.absent() || !entry.isFile() && !entry.isLink()) {
                continue;
            }
            Path path = workTree.resolve(entry.path());
            FileState state = FileState.of(path);
            if (state == null || !state.isFile() && !state.isLink()) {
                continue; // deleted before the block began
            }
            boolean clean = !filtered && state.isFile() && entry.isFile()
                    && indexState != null && state.fits(entry, indexState.mtime());
            String digest;
            byte[] content = null;
            if (clean) {
                digest = "blob:" + entry.id();
            } else {
                digest = digest(path, state, repository.algorithm(), false);
                content = keep(path, state);
            }
            put(path, new Source(repository, entry.id(), state, digest, content));
        }
    }

    void put(Path path, Source source) {
        sources.put(path, source);
        names.add(path.toString());
    }

    /** The content of a file that differs from its blob, for a later diff, as long as there is room. */
    private byte[] keep(Path path, FileState state) throws IOException {
        if (!state.isFile() || state.size() > MAX_DIFFED || kept + state.size() > MAX_KEPT) {
            return null;
        }
        byte[] content = content(path);
        kept += content == null ? 0 : content.length;
        return content;
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

    /** The work trees whose files were captured. */
    public Set<Path> workTrees() {
        return Set.copyOf(workTrees);
    }

    /** The absolute paths of all captured files. */
    public Set<Path> paths() {
        return Set.copyOf(sources.keySet());
    }

    /** Whether an absolute path is one of the captured files. */
    public boolean contains(String absolutePath) {
        // As text: names in events are hostile, and not every text is a path.
        return names.contains(absolutePath);
    }

    /** What could not be captured and why, for the report's coverage. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /**
     * What changed since the capture. A file that no event touched and whose size, times and inode are the same is
     * taken for unchanged; of each other one the content decides.
     *
     * @param touchedByEvents absolute paths that were opened for writing, renamed or removed, or folders of such
     */
    public List<SourceChange> compare(Set<Path> touchedByEvents) {
        List<SourceChange> changes = new ArrayList<>();
        sources.forEach((path, source) -> {
            try {
                SourceChange change = compare(path, source, touchedByEvents.contains(path));
                if (change != null) {
                    changes.add(change);
                }
            } catch (IOException e) {
                // It could be read before the block and cannot be now: that is a change.
                changes.add(new SourceChange(path.toString(), source.digest(), null, SourceChange.Kind.MODIFIED, null));
            }
        });
        return changes;
    }

    /** The same with the paths as texts, which may be anything that a hostile build can put into an event. */
    public List<SourceChange> compareTouched(Set<String> touchedByEvents) {
        return compare(touchedByEvents.stream().filter(names::contains).map(Path::of).collect(Collectors.toSet()));
    }

    private static SourceChange compare(Path path, Source source, boolean touched) throws IOException {
        FileState now = FileState.of(path);
        if (now == null || !now.isFile() && !now.isLink()) {
            return new SourceChange(path.toString(), source.digest(), null, SourceChange.Kind.DELETED, null);
        }
        if (!touched && now.equals(source.state())) {
            return null;
        }
        String after = digest(path, now, source.repository().algorithm(), source.digest().startsWith("blob:"));
        if (now.isLink() != source.state().isLink() || now.isLink() && !after.equals(source.digest())) {
            return new SourceChange(path.toString(), source.digest(), after, SourceChange.Kind.SYMLINK, null);
        }
        if (!after.equals(source.digest())) {
            return new SourceChange(path.toString(), source.digest(), after, SourceChange.Kind.MODIFIED, diff(path, source, now));
        }
        if (now.isExecutable() != source.state().isExecutable() && now.isFile()) {
            return new SourceChange(path.toString(), source.digest(), after, SourceChange.Kind.MODE, null);
        }
        return null;
    }

    private static String digest(Path path, FileState state, String algorithm, boolean asBlob) throws IOException {
        if (state.isLink()) {
            return "link:" + Files.readSymbolicLink(path);
        }
        if (!asBlob) {
            return "sha256:" + GitHash.sha256(path);
        }
        String id = GitHash.blob(path, state.size(), algorithm);
        // The file is being written to: whatever it will be, it is not what it was.
        return id == null ? "changing" : "blob:" + id;
    }

    private static String diff(Path path, Source source, FileState now) throws IOException {
        if (now.size() > MAX_DIFFED) {
            return null;
        }
        byte[] before = source.content();
        if (before == null && source.digest().startsWith("blob:")) {
            before = new GitObjects(source.repository()).blob(source.blob(), MAX_DIFFED);
        }
        byte[] after = content(path);
        return before == null || after == null ? null : LineDiff.of(before, after);
    }

    /** The content; null if it is too large. */
    private static byte[] content(Path path) throws IOException {
        try (SeekableByteChannel in = Files.newByteChannel(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            ByteBuffer buffer = ByteBuffer.allocate(MAX_DIFFED + 1);
            while (buffer.hasRemaining() && in.read(buffer) >= 0) {
                // until the end or too much
            }
            return buffer.hasRemaining() ? Arrays.copyOf(buffer.array(), buffer.position()) : null;
        }
    }
}

package io.jenkins.plugins.hardenrunner.engine.source;

import io.jenkins.plugins.hardenrunner.engine.source.SourceChange.Category;
import io.jenkins.plugins.hardenrunner.engine.source.SourceManifest.Root;
import io.jenkins.plugins.hardenrunner.engine.source.SourceManifest.Source;
import io.jenkins.plugins.hardenrunner.engine.source.SourceManifest.Watch;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Takes a manifest; one instance per manifest. */
final class ManifestCapture {
    private static final long MAX_KEPT = 16L << 20;
    private static final int MAX_DEFINITION_FOLDERS = 5000;
    private static final int MAX_IN_FOLDER = 10_000;

    private final CaptureOptions options;
    private final SourceManifest manifest = new SourceManifest();
    private final SourceManifest previous;
    private final TrackedFolders trackedFolders = new TrackedFolders();
    private final Set<Path> definitionFolders = new LinkedHashSet<>();
    private long kept;

    ManifestCapture(CaptureOptions options) {
        this.options = options;
        this.previous = options.previous();
        Instant now = Instant.now();
        manifest.takenAt = TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    SourceManifest manifest() {
        return manifest;
    }

    SourceManifest capture(Path workspace) throws IOException {
        boolean all = new WorkTrees(manifest.sources::containsKey, trackedFolders, this::workTree,
                previous == null ? Map.of() : previous.listings, manifest.listings).find(workspace);
        if (!all) {
            manifest.notes.add("not every folder below " + workspace + " was searched for git work trees: there are too many");
        }
        if (manifest.roots.stream().noneMatch(root -> workspace.startsWith(root.folder()))) {
            Root plain = new Root(workspace, null);
            manifest.add(plain);
            new UnversionedFiles(this, options, plain).capture();
            definitionFolders.add(workspace);
        }
        definitions();
        if (options.home() != null && Files.isDirectory(options.home())) {
            Root home = new Root(options.home(), null);
            manifest.add(home);
            BuildDefinitions.ofUser(options.home()).forEach(file -> watch(Category.BUILD_DEFINITION, home, file));
        }
        return manifest;
    }

    private void workTree(Path workTree) {
        try {
            GitRepository repository = GitRepository.of(workTree);
            if (repository == null || !Files.isRegularFile(repository.index())) {
                return;
            }
            FileState indexState = FileState.of(repository.index());
            Source before = unchangedIndex(new Root(workTree, repository), indexState);
            if (before != null) {
                manifest.add(before.root());
                manifest.whole.add(workTree);
                trackedAsBefore(before.root());
                new GitMetadata(manifest, this, before.root()).capture(before);
                return;
            }
            Root root = new Root(workTree, repository);
            GitIndex index = GitIndex.read(repository.index(), repository.algorithm());
            manifest.add(root);
            manifest.whole.add(workTree);
            tracked(root, index, indexState);
            new GitMetadata(manifest, this, root).capture(index, indexState);
        } catch (IOException e) {
            manifest.notes.add("sources in " + workTree + " are not watched: " + e.getMessage());
        }
    }

    /**
     * What the manifest before says of an index that was not written to since, if all its files were there: then the index
     * need not be read. Null if it has to be.
     */
    private Source unchangedIndex(Root root, FileState indexState) {
        Source index = previous == null ? null : previous.sources.get(root.repository().index().toString());
        return index != null && index.state().equals(indexState) && !indexState.racy(previous.takenAt)
                && index.root().equals(root) && previous.whole.contains(root.folder()) ? index : null;
    }

    /** Takes over the files of an unchanged index; those that were written to since are read. */
    private void trackedAsBefore(Root root) throws IOException {
        List<String> names = new ArrayList<>(previous.sources.size());
        List<Source> sources = new ArrayList<>(previous.sources.size());
        for (Map.Entry<String, Source> entry : previous.sources.entrySet()) {
            if (entry.getValue().root() == root && entry.getValue().category() == Category.SOURCE) {
                names.add(entry.getKey());
                sources.add(entry.getValue());
            }
        }
        FileState[] states = FileState.of(names.toArray(String[]::new));
        for (int i = 0; i < states.length; i++) {
            String name = names.get(i);
            String digest = sources.get(i).digest();
            if (!present(root, states[i])) {
                continue;
            }
            if (!known(Category.SOURCE, root, name, states[i])) {
                add(Category.SOURCE, root, Path.of(name), states[i], null,
                        digest != null && digest.startsWith("blob:") ? digest : null);
            }
            mayBeDefinition(name);
        }
        definitionFolders.add(root.folder());
    }

    private void tracked(Root root, GitIndex index, FileState indexState) throws IOException {
        GitAttributes attributes = attributes(root, index);
        GitObjects objects = new GitObjects(root.repository());
        String prefix = prefix(root.folder());
        List<GitIndex.Entry> entries = new ArrayList<>(index.entries().size());
        List<String> names = new ArrayList<>(index.entries().size());
        int unnamed = 0;
        for (GitIndex.Entry entry : index.entries()) {
            if (entry.absent() || !entry.isFile() && !entry.isLink()) {
                continue;
            }
            if (!canBeNamed(entry.path())) {
                unnamed++;
                continue;
            }
            entries.add(entry);
            names.add(prefix.concat(entry.path()));
        }
        if (unnamed > 0) {
            manifest.notes.add(unnamed + " files in " + root.folder() + " are not watched: this Java cannot name them;"
                    + " start it in a UTF-8 locale (LC_ALL=C.UTF-8)");
        }
        FileState[] states = FileState.of(names.toArray(String[]::new));
        for (int i = 0; i < states.length; i++) {
            FileState state = states[i];
            if (!present(root, state)) {
                continue;
            }
            GitIndex.Entry entry = entries.get(i);
            String name = names.get(i);
            boolean clean = state.isFile() && entry.isFile() && state.fits(entry, indexState.mtime());
            if (clean && (attributes.isEmpty() || !attributes.convert(entry.path()))) {
                manifest.sources.put(name, new Source(Category.SOURCE, root, state, entry.blob(), null));
            } else if (!known(Category.SOURCE, root, name, state)) {
                LfsPointer pointer = clean && state.size() > LfsPointer.MAX_SIZE
                        ? LfsPointer.of(objects.blob(entry.id(), LfsPointer.MAX_SIZE)) : null;
                String digest = pointer != null && pointer.size() == state.size() ? "sha256:" + pointer.digest() : null;
                add(Category.SOURCE, root, Path.of(name), state, digest, entry.blob());
            }
            mayBeDefinition(name);
        }
        if (manifest.whole.contains(root.folder())) {
            trackedFolders.add(root.folder(), names);
        }
        definitionFolders.add(root.folder());
    }

    /** Whether a file of the index is in the work tree; others were deleted before the block began. */
    private boolean present(Root root, FileState state) {
        if (state == null || !state.isFile() && !state.isLink()) {
            manifest.whole.remove(root.folder());
            return false;
        }
        return true;
    }

    /** Build definitions beside a tracked one matter even if they are not tracked. */
    private void mayBeDefinition(String name) {
        int slash = name.lastIndexOf('/');
        if (BuildDefinitions.named(name.substring(slash + 1)) && definitionFolders.size() < MAX_DEFINITION_FOLDERS) {
            definitionFolders.add(Path.of(name.substring(0, slash)));
        }
    }

    private static String prefix(Path folder) {
        return folder.getParent() == null ? "/" : folder + "/";
    }

    private static boolean canBeNamed(String name) {
        int plain = 0;
        while (plain < name.length() && name.charAt(plain) < 0x80) {
            plain++;
        }
        if (plain == name.length()) {
            return true;
        }
        // Names that are no UTF-8 come with a replacement character: another file, or none, stands under that.
        if (name.indexOf('\ufffd') >= 0) {
            return false;
        }
        try {
            return Path.of(name) != null;
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static GitAttributes attributes(Root root, GitIndex index) throws IOException {
        GitAttributes attributes = new GitAttributes();
        if (root.repository().filtered()) {
            attributes.convertAll();
        }
        Path info = root.repository().commonDirectory().resolve("info/attributes");
        if (Files.isRegularFile(info)) {
            attributes.add("", GitRepository.text(info));
        }
        for (GitIndex.Entry entry : index.entries()) {
            String path = entry.path();
            if (path.endsWith(".gitattributes") && (path.length() == 14 || path.charAt(path.length() - 15) == '/')) {
                Path file = canBeNamed(path) ? root.folder().resolve(path) : null;
                if (file != null && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    attributes.add(path.substring(0, path.length() - 14), GitRepository.text(file));
                }
            }
        }
        return attributes;
    }

    /** Takes over what the manifest before knew of a file that was not written to since. */
    boolean known(Category category, Root root, String path, FileState state) {
        Source before = previous == null ? null : previous.sources.get(path);
        if (before == null || before.digest() == null || !before.state().equals(state) || state.racy(previous.takenAt)) {
            return false;
        }
        kept += before.content() == null ? 0 : before.content().length;
        manifest.sources.put(path, before.category() == category && before.root() == root ? before
                : new Source(category, root, state, before.digest(), before.content()));
        return true;
    }

    /**
     * Adds a file by its content.
     *
     * @param digest its SHA-256 if known from elsewhere, else null
     * @param blob {@code blob:…}, what git's index has for it; a file with this content is taken for that blob; null for
     *     none
     */
    void add(Category category, Root root, Path path, FileState state, String digest, String blob) throws IOException {
        String content = digest != null ? digest
                : blob != null && blob.equals(Contents.blob(path, state, root.repository().algorithm()))
                        ? blob : Contents.sha256(path, state);
        manifest.sources.put(path.toString(), new Source(category, root, state, content,
                content.startsWith("blob:") ? null : keep(path, state)));
    }

    /** The content of a file that is in no repository, for a later diff, as long as there is room. */
    private byte[] keep(Path path, FileState state) throws IOException {
        if (!state.isFile() || state.size() > Contents.MAX_DIFFED || kept + state.size() > MAX_KEPT
                || CredentialFiles.named(path.toString())) {
            return null;
        }
        byte[] content = Contents.read(path);
        if (CredentialFiles.holds(content)) {
            return null;
        }
        kept += content == null ? 0 : content.length;
        return content;
    }

    /** Captures a file that may be there, and watches for it if it is not. */
    void watch(Category category, Root root, Path path) {
        String name = path.toString();
        try {
            FileState state = FileState.of(path);
            if (manifest.sources.containsKey(name)) {
                return;
            }
            if (state == null) {
                manifest.watches.add(new Watch(category, root, name, Watch.Scope.FILE));
            } else if ((state.isFile() || state.isLink()) && !known(category, root, name, state)) {
                add(category, root, path, state, null, null);
            }
        } catch (IOException e) {
            manifest.notes.add(name + " is not watched: " + e.getMessage());
        }
    }

    /** Captures files in a folder, and watches for new ones; the folder need not be there. */
    void watchFolder(Category category, Root root, Path folder, Watch.Scope scope) {
        manifest.watches.add(new Watch(category, root, folder.toString(), scope));
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            int count = 0;
            for (Path child : children) {
                String name = child.toString();
                if (scope == Watch.Scope.DEFINITIONS && !BuildDefinitions.named(child.getFileName().toString())
                        || category == Category.GIT_HOOK && name.endsWith(".sample")
                        || manifest.sources.containsKey(name)) {
                    continue;
                }
                if (count++ == MAX_IN_FOLDER) {
                    manifest.notes.add("not every file in " + folder + " is watched: there are too many");
                    break;
                }
                FileState state = FileState.of(child);
                if (state != null && (state.isFile() || state.isLink()) && !known(category, root, name, state)) {
                    add(category, root, child, state, null, null);
                }
            }
        } catch (IOException e) {
            manifest.notes.add("files in " + folder + " are not watched: " + e.getMessage());
        }
    }

    /** Build definitions that are not tracked, beside those that are and at the top. */
    private void definitions() {
        for (Path folder : definitionFolders) {
            Root root = manifest.roots.stream().filter(any -> folder.startsWith(any.folder()))
                    .reduce((outer, inner) -> inner.folder().startsWith(outer.folder()) ? inner : outer).orElseThrow();
            watchFolder(Category.BUILD_DEFINITION, root, folder, Watch.Scope.DEFINITIONS);
            for (Path whole : BuildDefinitions.wholeFolders(folder)) {
                watchFolder(Category.BUILD_DEFINITION, root, whole, Watch.Scope.FOLDER);
            }
        }
    }
}

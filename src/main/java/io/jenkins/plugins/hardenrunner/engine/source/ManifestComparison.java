package io.jenkins.plugins.hardenrunner.engine.source;

import io.jenkins.plugins.hardenrunner.engine.source.SourceChange.Category;
import io.jenkins.plugins.hardenrunner.engine.source.SourceChange.Kind;
import io.jenkins.plugins.hardenrunner.engine.source.SourceManifest.Source;
import io.jenkins.plugins.hardenrunner.engine.source.SourceManifest.Watch;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Compares a manifest with what is there now; one instance per comparison. */
final class ManifestComparison {
    /** Beyond this many differences nobody reads on; that a file changed is told of every one. */
    private static final int MAX_DIFFS = 500;
    private static final int MAX_ALIASED = 100_000;
    private static final int MAX_ADDED = 1000;

    private final SourceManifest manifest;
    private final Set<String> touched;
    private final List<SourceChange> changes = new ArrayList<>();
    private final Map<GitRepository, GitObjects> objects = new HashMap<>();
    private int diffs;

    ManifestComparison(SourceManifest manifest, Set<String> touched) {
        this.manifest = manifest;
        this.touched = touched;
    }

    List<SourceChange> changes() {
        List<Map.Entry<String, Source>> entries = new ArrayList<>(manifest.sources.entrySet());
        FileState[] states = FileState.of(manifest.sources.keySet().toArray(String[]::new));
        for (int i = 0; i < states.length; i++) {
            String path = entries.get(i).getKey();
            Source source = entries.get(i).getValue();
            SourceChange change;
            try {
                change = switch (source.category()) {
                    case GIT_REF -> GitMetadata.compareRefs(path, source);
                    case GIT_INDEX -> GitMetadata.compareIndex(path, source);
                    default -> compare(path, source, states[i]);
                };
            } catch (IOException e) {
                // It could be read before the block and cannot be now: that is a change.
                change = change(path, source, Kind.MODIFIED, null, states[i], null, "it cannot be read any more");
            }
            if (change != null) {
                changes.add(change);
            }
        }
        manifest.watches.forEach(this::added);
        aliases();
        return changes;
    }

    private SourceChange compare(String name, Source source, FileState now) throws IOException {
        FileState then = source.state();
        if (now == null || !now.isFile() && !now.isLink()) {
            return change(name, source, Kind.DELETED, null, null, null, null);
        }
        boolean written = touched.contains(name) || then.racy(manifest.takenAt);
        if (!written && now.equals(then)) {
            return null;
        }
        Path path = Path.of(name);
        if (source.digest() == null) {
            boolean same = now.size() == then.size() && now.mtime() == then.mtime() && now.isLink() == then.isLink();
            return same ? null : change(name, source, Kind.MODIFIED, Contents.sha256(path, now), now, null,
                    "its content before is not known");
        }
        boolean blob = source.digest().startsWith("blob:");
        String after = blob ? Contents.blob(path, now, source.root().repository().algorithm()) : Contents.sha256(path, now);
        if (now.isLink() != then.isLink() || now.isLink() && !after.equals(source.digest())) {
            return change(name, source, Kind.SYMLINK, after, now, null, null);
        }
        if (!after.equals(source.digest()) && !(blob && converted(path, source, now))) {
            return modified(path, source, after, now);
        }
        if (now.executable() != then.executable() && now.isFile()) {
            return change(name, source, Kind.MODE, after, now, null,
                    String.format("permissions before %04o, after %04o", then.mode() & 07777, now.mode() & 07777));
        }
        return null;
    }

    /** Whether a file has the line endings of the work tree and the content of its blob, as after a checkout. */
    private static boolean converted(Path path, Source source, FileState now) throws IOException {
        GitRepository repository = source.root().repository();
        if (!repository.filtered() || now.size() > Contents.MAX_DIFFED) {
            return false;
        }
        byte[] content = Contents.read(path);
        return content != null && source.digest().equals(
                "blob:" + GitHash.blob(Contents.withoutCarriageReturns(content), repository.algorithm()));
    }

    private SourceChange modified(Path path, Source source, String after, FileState now) throws IOException {
        String name = path.toString();
        if (source.category() == Category.GIT_CONFIG && name.matches(".*/config(\\.worktree)?")) {
            byte[] content = Contents.read(path);
            return change(name, source, Kind.MODIFIED, after, now, null,
                    content == null ? null : GitConfig.changed(source.content(), GitConfig.listing(content)));
        }
        if (CredentialFiles.named(name)) {
            return change(name, source, Kind.MODIFIED, after, now, null, "contents of files with credentials are not kept");
        }
        return change(name, source, Kind.MODIFIED, after, now, diff(path, source, now), null);
    }

    private String diff(Path path, Source source, FileState now) throws IOException {
        if (now.size() > Contents.MAX_DIFFED || diffs == MAX_DIFFS) {
            return null;
        }
        diffs++;
        byte[] before = source.content();
        if (before == null && source.digest().startsWith("blob:")) {
            before = objects.computeIfAbsent(source.root().repository(), GitObjects::new)
                    .blob(source.digest().substring(5), Contents.MAX_DIFFED);
        }
        byte[] after = Contents.read(path);
        return before == null || after == null || CredentialFiles.holds(before) || CredentialFiles.holds(after)
                ? null : LineDiff.of(before, after);
    }

    private static SourceChange change(String path, Source source, Kind kind, String after, FileState now, String diff, String detail) {
        return new SourceChange(path, source.root().folder().toString(), source.category(), kind, source.digest(), after,
                source.state().size(), now == null ? null : now.size(), diff, detail, List.of());
    }

    private void added(Watch watch) {
        try {
            Path place = Path.of(watch.path());
            if (watch.scope() == Watch.Scope.FILE) {
                added(watch, place);
            } else if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
                try (DirectoryStream<Path> children = Files.newDirectoryStream(place)) {
                    for (Path child : children) {
                        if (watch.scope() == Watch.Scope.FOLDER || BuildDefinitions.named(child.getFileName().toString())) {
                            added(watch, child);
                        }
                    }
                }
            }
        } catch (IOException | InvalidPathException e) {
            changes.add(new SourceChange(watch.path(), watch.root().folder().toString(), watch.category(), Kind.MODIFIED, null,
                    null, null, null, null, "it cannot be read any more", List.of()));
        }
    }

    private void added(Watch watch, Path file) throws IOException {
        FileState state = FileState.of(file);
        if (state == null || !state.isFile() && !state.isLink() || manifest.sources.containsKey(file.toString())
                || watch.category() == Category.GIT_HOOK && file.toString().endsWith(".sample")
                || changes.size() > manifest.sources.size() + MAX_ADDED) {
            return;
        }
        byte[] content = state.isFile() && state.size() <= Contents.MAX_DIFFED && !CredentialFiles.named(file.toString())
                ? Contents.read(file) : null;
        String diff = content == null || CredentialFiles.holds(content) || diffs++ >= MAX_DIFFS
                ? null : LineDiff.of(new byte[0], content);
        changes.add(new SourceChange(file.toString(), watch.root().folder().toString(), watch.category(), Kind.ADDED, null,
                Contents.sha256(file, state), null, state.size(), diff, null, List.of()));
    }

    /**
     * Finds under which other names changed files were written: a hard link made before the block began is in no event
     * of it, so the names alone would leave such a change without an author.
     */
    private void aliases() {
        Set<String> orphans = new HashSet<>();
        changes.forEach(change -> {
            if (!touched.contains(change.path())) {
                orphans.add(change.path());
            }
        });
        if (orphans.isEmpty() || touched.isEmpty()) {
            return;
        }
        Map<Long, List<String>> names = new HashMap<>();
        touched.stream().filter(name -> name.startsWith("/")).limit(MAX_ALIASED).forEach(name -> {
            try {
                FileState state = FileState.of(Path.of(name));
                if (state != null && state.isFile()) {
                    names.computeIfAbsent(state.inode(), any -> new ArrayList<>()).add(name);
                }
            } catch (IOException | InvalidPathException e) {
                return; // a text that is no path, or a file that cannot be looked at, names nothing
            }
        });
        changes.replaceAll(change -> {
            if (!orphans.contains(change.path())) {
                return change;
            }
            try {
                FileState state = FileState.of(Path.of(change.path()));
                List<String> found = state == null ? null : names.get(state.inode());
                return found == null ? change : change.withAliases(found);
            } catch (IOException e) {
                return change;
            }
        });
    }
}

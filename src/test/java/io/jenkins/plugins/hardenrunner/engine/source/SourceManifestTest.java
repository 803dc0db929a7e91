package io.jenkins.plugins.hardenrunner.engine.source;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.hardenrunner.engine.source.SourceChange.Category;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceManifestTest {
    @TempDir
    Path temporary;

    private Path folder;
    private Git git;

    @BeforeEach
    void checkOut() throws Exception {
        Git.assumePresent();
        folder = Files.createDirectory(temporary.toRealPath().resolve("ws"));
        git = new Git(folder).init("sha1").write("index.js", "one\ntwo\nthree\n").write("src/b.txt", "b\n");
        Files.createSymbolicLink(folder.resolve("link"), Path.of("index.js"));
        git.commit();
        // Out of the clock's resolution, so that the index is trusted ("racily clean" otherwise).
        for (String name : List.of("index.js", "src/b.txt")) {
            Files.setLastModifiedTime(folder.resolve(name), FileTime.fromMillis(System.currentTimeMillis() - 60_000));
        }
        git.run("update-index", "--refresh");
    }

    private SourceManifest capture() throws Exception {
        SourceManifest manifest = SourceManifest.capture(folder);
        assertThat(manifest.notes(), empty());
        return manifest;
    }

    private SourceChange onlyChange(SourceManifest manifest, Path... touched) {
        List<SourceChange> changes = manifest.compareTouched(Stream.of(touched).map(Path::toString).collect(Collectors.toSet()));
        assertThat(changes, hasSize(1));
        return changes.get(0);
    }

    @Test
    void nothingChangedIsNothing() throws Exception {
        SourceManifest manifest = capture();
        assertThat(manifest.count(Category.SOURCE), is(3L));
        assertThat(manifest.compareTouched(manifest.paths()), empty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"loose", "packed"})
    void anOverwrittenFileHasItsBlobIdsAndADiff(String store) throws Exception {
        if (store.equals("packed")) {
            git.write("index.js", "zero\none\ntwo\nthree\n").commit().write("index.js", "one\ntwo\nthree\n").commit().run("gc", "-q", "--prune=now");
            Files.setLastModifiedTime(folder.resolve("index.js"), FileTime.fromMillis(System.currentTimeMillis() - 60_000));
            git.run("update-index", "--refresh");
        }
        SourceManifest manifest = capture();
        git.write("index.js", "one\nevil\nthree\n");
        SourceChange change = onlyChange(manifest);
        assertThat(change.kind(), is(SourceChange.Kind.MODIFIED));
        assertThat(change.path(), is(folder.resolve("index.js").toString()));
        assertThat(change.before(), is("blob:" + git.output("rev-parse", "HEAD:index.js").strip()));
        assertThat(change.after(), is("blob:" + git.output("hash-object", "index.js").strip()));
        assertThat(change.diff(), is("@@ -1,3 +1,3 @@\n one\n-two\n+evil\n three\n"));
    }

    /** Size and modification time restored: the change time, or an event, still gives it away. */
    @Test
    void aChangeWithForgedTimesIsFound() throws Exception {
        SourceManifest manifest = capture();
        FileTime time = Files.getLastModifiedTime(folder.resolve("index.js"));
        git.write("index.js", "one\nTWO\nthree\n");
        Files.setLastModifiedTime(folder.resolve("index.js"), time);
        assertThat(onlyChange(manifest).kind(), is(SourceChange.Kind.MODIFIED));
    }

    @Test
    void aFileThatWasWrittenAndPutBackIsUnchanged() throws Exception {
        SourceManifest manifest = capture();
        git.write("index.js", "evil\n").write("index.js", "one\ntwo\nthree\n");
        assertThat(manifest.compareTouched(Set.of(folder.resolve("index.js").toString())), empty());
    }

    @Test
    void aFileThatWasDirtyBeforeIsComparedWithItsContentNotWithTheIndex() throws Exception {
        git.write("index.js", "my edit\n");
        SourceManifest manifest = capture();
        assertThat(manifest.compareTouched(manifest.paths()), empty());
        git.write("index.js", "my edit\nevil\n");
        SourceChange change = onlyChange(manifest);
        assertThat(change.before(), startsWith("sha256:"));
        assertThat(change.diff(), containsString("+evil"));
    }

    @Test
    void filesWithConvertedLineEndingsAreNoChange() throws Exception {
        git.write(".gitattributes", "*.txt text eol=crlf\n").write("src/b.txt", "b\r\nc\r\n").commit();
        SourceManifest manifest = capture();
        assertThat(manifest.compareTouched(manifest.paths()), empty());
        git.write("src/b.txt", "b\r\nd\r\n");
        assertThat(onlyChange(manifest).kind(), is(SourceChange.Kind.MODIFIED));
    }

    @Test
    void removedFilesModesAndLinksAreTold() throws Exception {
        SourceManifest manifest = capture();
        Files.delete(folder.resolve("src/b.txt"));
        assertThat(onlyChange(manifest).kind(), is(SourceChange.Kind.DELETED));
        assertThat(onlyChange(manifest).after(), nullValue());
        git.write("src/b.txt", "b\n");
        folder.resolve("index.js").toFile().setExecutable(true);
        assertThat(onlyChange(manifest).kind(), is(SourceChange.Kind.MODE));
        folder.resolve("index.js").toFile().setExecutable(false);
        Files.delete(folder.resolve("link"));
        Files.createSymbolicLink(folder.resolve("link"), Path.of("/etc/passwd"));
        SourceChange link = onlyChange(manifest);
        assertThat(link.kind(), is(SourceChange.Kind.SYMLINK));
        assertThat(link.after(), is("link:/etc/passwd"));
    }

    @Test
    void aFileReplacedByALinkOrAFolderIsNotFollowed() throws Exception {
        SourceManifest manifest = capture();
        Files.delete(folder.resolve("index.js"));
        Files.writeString(temporary.resolve("copy"), "one\ntwo\nthree\n");
        Files.createSymbolicLink(folder.resolve("index.js"), temporary.resolve("copy"));
        assertThat(onlyChange(manifest).kind(), is(SourceChange.Kind.SYMLINK));
        Files.delete(folder.resolve("index.js"));
        Files.createDirectory(folder.resolve("index.js"));
        assertThat(onlyChange(manifest).kind(), is(SourceChange.Kind.DELETED));
    }

    /** A commit inside the block moves HEAD and the index; what counts is what was there when the block began. */
    @Test
    void committingAChangeDoesNotHideIt() throws Exception {
        SourceManifest manifest = capture();
        git.write("index.js", "evil\n").commit();
        List<SourceChange> changes = manifest.compareTouched(Set.of());
        assertThat(changes.stream().map(SourceChange::category).toList(),
                is(List.of(Category.SOURCE, Category.GIT_REF, Category.GIT_INDEX)));
        assertThat(changes.get(1).diff(), containsString("-refs/heads/"));
    }

    @Test
    void submodulesLinkedWorkTreesAndCheckoutsBesideAreFound() throws Exception {
        git.run("worktree", "add", "-q", folder.resolve("linked").toString());
        Path beside = Files.createDirectory(folder.resolve("beside"));
        new Git(beside).init("sha256").write("x", "x\n").commit();
        SourceManifest manifest = capture();
        assertThat(manifest.contains(folder.resolve("linked/index.js").toString()), is(true));
        assertThat(manifest.contains(beside.resolve("x").toString()), is(true));
        Files.writeString(beside.resolve("x"), "y\n");
        assertThat(onlyChange(manifest).after().replaceFirst("^(blob|sha256):", "").length(), is(64));
    }

    @Test
    void aFolderInsideAWorkTreeBelongsToIt() throws Exception {
        SourceManifest manifest = SourceManifest.capture(folder.resolve("src"));
        assertThat(manifest.contains(folder.resolve("index.js").toString()), is(true));
    }

    @Test
    void aBrokenRepositoryIsANoteAndTheOthersAreCaptured() throws Exception {
        Path broken = Files.createDirectories(folder.resolve("broken/.git"));
        Files.writeString(broken.resolve("index"), "rubbish that is no index at all, but long enough");
        SourceManifest manifest = SourceManifest.capture(folder);
        assertThat(manifest.count(Category.SOURCE), is(3L));
        assertThat(manifest.notes().get(0), containsString("broken"));
    }

    /** A store that the build rewrote cannot pass its content for what was checked out. */
    @Test
    void aForgedObjectGivesNoDiff() throws Exception {
        SourceManifest manifest = capture();
        String id = git.output("rev-parse", "HEAD:index.js").strip();
        Path object = folder.resolve(".git/objects/" + id.substring(0, 2) + "/" + id.substring(2));
        String other = git.output("rev-parse", "HEAD:src/b.txt").strip();
        object.toFile().setWritable(true);
        Files.copy(folder.resolve(".git/objects/" + other.substring(0, 2) + "/" + other.substring(2)), object,
                StandardCopyOption.REPLACE_EXISTING);
        git.write("index.js", "evil\n");
        SourceChange change = onlyChange(manifest);
        assertThat(change.kind(), is(SourceChange.Kind.MODIFIED));
        assertThat(change.diff(), nullValue());
    }

    /** A name in an event is whatever a hostile build chose. */
    @Test
    void touchedTextsThatAreNoPathsAreIgnored() throws Exception {
        SourceManifest manifest = capture();
        git.write("index.js", "evil\n");
        Set<String> touched = Set.of("\0", "", "\ud800", "relative", folder.resolve("index.js").toString());
        assertThat(manifest.compareTouched(touched), hasSize(1));
    }

    @Test
    void aManifestThatWasWrittenAndReadComparesAlike() throws Exception {
        git.write("src/b.txt", "dirty\n");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        capture().write(bytes);
        SourceManifest read = SourceManifest.read(new ByteArrayInputStream(bytes.toByteArray()));
        assertThat(read.compareTouched(read.paths()), empty());
        assertThat(read.contains(folder.resolve("index.js").toString()), is(true));
        git.write("index.js", "evil\n").write("src/b.txt", "evil\n");
        assertThat(read.compareTouched(Set.of()), hasSize(2));
        assertThat(read.compareTouched(Set.of()).get(1).diff(), containsString("-dirty"));
    }

    @Test
    void anEmptyFolderHasNoSources() throws Exception {
        Path plain = Files.createDirectory(temporary.resolve("plain"));
        assertThat(SourceManifest.capture(plain).paths(), empty());
    }

    /** What the next block of a build does: it looks only at what the one before does not know for sure. */
    private SourceManifest next(SourceManifest previous) throws Exception {
        return SourceManifest.capture(folder, CaptureOptions.DEFAULTS.previous(previous));
    }

    @Test
    void aSecondManifestOfWhatNobodyWroteToSaysTheSame() throws Exception {
        Thread.sleep(100); // out of the clock's tick
        SourceManifest first = capture();
        SourceManifest second = next(first);
        assertThat(second.saysTheSame(first), is(true));
        git.write("new/.npmrc", "registry=https://registry.test/\n");
        assertThat("beside no tracked file", next(second).saysTheSame(first), is(true));
        git.write(".npmrc", "registry=https://registry.test/\n");
        assertThat("a build definition", next(second).saysTheSame(first), is(false));
    }

    @Test
    void aWriteBetweenTwoBlocksIsNotOfTheSecondEvenIfSizeAndTimesAreForged() throws Exception {
        Thread.sleep(100);
        SourceManifest first = capture();
        Path file = folder.resolve("src/b.txt");
        FileTime time = Files.getLastModifiedTime(file);
        Files.writeString(file, "x\n");
        Files.setLastModifiedTime(file, time);
        SourceManifest second = next(first);
        assertThat(second.saysTheSame(first), is(false));
        assertThat(second.compareTouched(Set.of(file.toString())), empty());
        assertThat(onlyChange(first).diff(), containsString("+x"));
        Files.writeString(file, "b\n");
        Files.setLastModifiedTime(file, time);
        assertThat("what was written in the second block is its change, though git would call the file clean",
                onlyChange(second).diff(), containsString("-x"));
    }

    @Test
    void aCheckoutThatAppearsBetweenTwoBlocksIsFound() throws Exception {
        Thread.sleep(100);
        SourceManifest first = capture();
        Path nested = Files.createDirectories(folder.resolve("src/nested/deeper"));
        new Git(nested).init("sha1").write("x", "x\n").commit();
        assertThat(next(first).contains(nested.resolve("x").toString()), is(true));
        assertThat(capture().contains(nested.resolve("x").toString()), is(true));
    }

    /** A folder is not read if it has as many subfolders as git knows; a link in the place of one must not make room. */
    @Test
    void aCheckoutBesideALinkInThePlaceOfATrackedFolderIsFound() throws Exception {
        Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
        Files.move(folder.resolve("src/b.txt"), elsewhere.resolve("b.txt"));
        Files.delete(folder.resolve("src"));
        Files.createSymbolicLink(folder.resolve("src"), elsewhere);
        Path beside = Files.createDirectory(folder.resolve("beside"));
        new Git(beside).init("sha1").write("x", "x\n").commit();
        assertThat(SourceManifest.capture(folder).contains(beside.resolve("x").toString()), is(true));
    }

    @Test
    void whatIsCompressedIsReadAgainAndOtherBytesAreRefused() throws Exception {
        SourceManifest manifest = capture();
        assertThat(SourceManifest.decompressed(manifest.compressed()).saysTheSame(manifest), is(true));
        byte[] cut = Arrays.copyOf(manifest.compressed(), 100);
        assertThrows(IOException.class, () -> SourceManifest.decompressed(cut));
        assertThrows(IOException.class, () -> SourceManifest.decompressed(new byte[0]));
    }
}

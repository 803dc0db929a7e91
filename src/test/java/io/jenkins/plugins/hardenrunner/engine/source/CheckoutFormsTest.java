package io.jenkins.plugins.hardenrunner.engine.source;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.jenkins.plugins.hardenrunner.engine.source.SourceChange.Category;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checkouts as CI makes them, by the real git: sparse, shallow, with submodules, references and conversions, or without git. */
class CheckoutFormsTest {
    @TempDir
    Path temporary;

    private Path origin;
    private Git git;

    @BeforeEach
    void createOrigin() throws Exception {
        Git.assumePresent();
        origin = Files.createDirectory(temporary.toRealPath().resolve("origin"));
        git = new Git(origin).init("sha1").write("a.txt", "a\n").write("src/b.txt", "b\n").write("docs/c.txt", "c\n").commit();
        git.write("a.txt", "aa\n").commit();
    }

    private Git cloned(String... options) throws Exception {
        Path folder = temporary.toRealPath().resolve("clone");
        String[] line = new String[options.length + 4];
        line[0] = "clone";
        line[1] = "-q";
        System.arraycopy(options, 0, line, 2, options.length);
        line[line.length - 2] = "file://" + origin;
        line[line.length - 1] = folder.toString();
        git.run(line);
        return new Git(folder);
    }

    private static List<String> tracked(Git git, SourceManifest manifest) {
        return manifest.sources.entrySet().stream().filter(entry -> entry.getValue().category() == Category.SOURCE)
                .map(entry -> git.folder.relativize(Path.of(entry.getKey())).toString()).sorted().toList();
    }

    /** Past the time in which the index itself says that files may have changed unseen. */
    private static void settle(Git git, String... names) throws Exception {
        for (String name : names) {
            Files.setLastModifiedTime(git.folder.resolve(name), FileTime.fromMillis(System.currentTimeMillis() - 60_000));
        }
        git.run("update-index", "--refresh");
    }

    @Test
    void aShallowCloneHasAllItsFilesAndTheirBlobs() throws Exception {
        Git clone = cloned("--depth", "1");
        settle(clone, "a.txt");
        SourceManifest manifest = SourceManifest.capture(clone.folder);
        assertThat(tracked(clone, manifest), contains("a.txt", "docs/c.txt", "src/b.txt"));
        clone.write("a.txt", "evil\n");
        SourceChange change = manifest.compareTouched(Set.of()).get(0);
        assertThat(change.before(), is("blob:" + clone.output("rev-parse", "HEAD:a.txt").strip()));
        assertThat(change.diff(), containsString("-aa\n+evil"));
    }

    @Test
    void aSparseCheckoutHasOnlyWhatIsInTheWorkTree() throws Exception {
        Git clone = cloned("--sparse");
        clone.run("sparse-checkout", "set", "--sparse-index", "src");
        SourceManifest manifest = SourceManifest.capture(clone.folder);
        assertThat(tracked(clone, manifest), contains("a.txt", "src/b.txt"));
        assertThat(manifest.compareTouched(Set.of()), empty());
        clone.write("src/b.txt", "evil\n");
        assertThat(manifest.compareTouched(Set.of()), hasSize(1));
    }

    @Test
    void submodulesAreWatchedLikeTheirSuperproject() throws Exception {
        Path library = Files.createDirectory(temporary.toRealPath().resolve("library"));
        new Git(library).init("sha1").write("lib.c", "int x;\n").commit();
        git.run("-c", "protocol.file.allow=always", "submodule", "add", "-q", "file://" + library, "lib").commit();
        Git clone = cloned();
        clone.run("-c", "protocol.file.allow=always", "submodule", "update", "-q", "--init");
        SourceManifest manifest = SourceManifest.capture(clone.folder);
        assertThat(manifest.contains(clone.folder.resolve("lib/lib.c").toString()), is(true));
        clone.write("lib/lib.c", "int evil;\n");
        Files.writeString(clone.folder.resolve(".git/modules/lib/hooks/post-checkout"), "#!/bin/sh\n");
        List<SourceChange> changes = manifest.compareTouched(Set.of());
        assertThat(changes.stream().map(change -> change.category() + " " + change.kind()).toList(),
                contains("SOURCE MODIFIED", "GIT_HOOK ADDED"));
        assertThat(changes.get(0).diff(), containsString("+int evil;"));
        assertThat(changes.get(0).root(), is(clone.folder.resolve("lib").toString()));
    }

    @Test
    void aReferenceRepositoryGivesTheDiff() throws Exception {
        Git clone = cloned("--reference", origin.toString());
        settle(clone, "src/b.txt");
        SourceManifest manifest = SourceManifest.capture(clone.folder);
        clone.write("src/b.txt", "evil\n");
        assertThat(manifest.compareTouched(Set.of()).get(0).diff(), containsString("-b\n+evil"));
    }

    /** The git of this machine need not have LFS: a filter that does the same stands for it. */
    @Test
    void aLargeFileIsKnownByItsPointerWithoutReadingIt() throws Exception {
        byte[] content = "large ".repeat(5000).getBytes(StandardCharsets.UTF_8);
        String oid = GitHash.hex(GitHash.digest("SHA-256").digest(content));
        String pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + oid + "\nsize " + content.length + "\n";
        Path pointerFile = temporary.resolve("pointer");
        Files.writeString(pointerFile, pointer);
        Path contentFile = temporary.resolve("content");
        Files.write(contentFile, content);
        git.run("config", "filter.lfs.clean", "cat '" + pointerFile + "' #").run("config", "filter.lfs.smudge", "cat '" + contentFile + "' #");
        git.write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n").write("big.bin", new String(content, StandardCharsets.UTF_8)).commit();
        settle(git, "big.bin", "a.txt", ".gitattributes");
        SourceManifest manifest = SourceManifest.capture(origin);
        assertThat(git.output("cat-file", "blob", "HEAD:big.bin"), is(pointer));
        assertThat(manifest.sources.get(origin.resolve("big.bin").toString()).digest(), is("sha256:" + oid));
        assertThat("files without the attribute keep their blob", manifest.sources.get(origin.resolve("a.txt").toString()).digest(), startsWith("blob:"));
        assertThat(manifest.compareTouched(manifest.paths()), empty());
        Files.writeString(origin.resolve("big.bin"), "evil".repeat(7500));
        assertThat(manifest.compareTouched(Set.of()).get(0).before(), is("sha256:" + oid));
    }

    @Test
    void aPointerThatWasNotReplacedByItsFileIsAFileLikeAnyOther() throws Exception {
        git.write("big.bin", "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a".repeat(64) + "\nsize 99999\n").commit();
        git.write(".gitattributes", "*.bin filter=lfs\n").commit();
        settle(git, "big.bin");
        SourceManifest manifest = SourceManifest.capture(origin);
        assertThat(manifest.compareTouched(manifest.paths()), empty());
        Files.writeString(origin.resolve("big.bin"), "evil");
        assertThat(manifest.compareTouched(Set.of()), hasSize(1));
    }

    @Test
    void lineEndingsOfTheConfigurationAreNoChange() throws Exception {
        Git clone = cloned("-c", "core.autocrlf=true");
        assertThat(Files.readString(clone.folder.resolve("a.txt")), is("aa\r\n"));
        settle(clone, "a.txt", "src/b.txt", "docs/c.txt");
        SourceManifest manifest = SourceManifest.capture(clone.folder);
        assertThat(manifest.compareTouched(manifest.paths()), empty());
    }

    @Test
    void namesThatAreNoTextAreTold() throws Exception {
        git.run("config", "core.quotePath", "false");
        String id = git.output("rev-parse", "HEAD:a.txt").strip();
        Path list = temporary.resolve("list");
        Files.write(list, ("100644 " + id + "\tn\u00e4me\n").getBytes(StandardCharsets.ISO_8859_1));
        new ProcessBuilder("git", "update-index", "--index-info").directory(origin.toFile()).redirectInput(list.toFile()).start().waitFor();
        assertThat(SourceManifest.capture(origin).notes(), contains(containsString("1 files")));
    }

    @Test
    void withoutGitEveryFileThatIsThereCounts() throws Exception {
        Path plain = Files.createDirectory(temporary.toRealPath().resolve("plain"));
        Git files = new Git(plain).write("main.c", "int main;\n").write("lib/x.c", "x\n").write("build/out.o", "o\n").write(".npmrc", "a=b\n");
        SourceManifest manifest = SourceManifest.capture(plain);
        assertThat(manifest.notes(), empty());
        assertThat(manifest.compareTouched(manifest.paths()), empty());
        files.write("main.c", "int evil;\n").write("new.c", "new\n").write("build/out.o", "other\n").write(".npmrc", "a=c\n");
        Files.delete(plain.resolve("lib/x.c"));
        List<SourceChange> changes = manifest.compareTouched(Set.of());
        assertThat(changes.stream().map(change -> plain.relativize(Path.of(change.path())) + " " + change.category() + " " + change.kind()).sorted().toList(),
                contains(".npmrc BUILD_DEFINITION MODIFIED", "lib/x.c UNVERSIONED DELETED", "main.c UNVERSIONED MODIFIED"));
    }

    @Test
    void withoutGitWhatIsTooMuchToReadIsKnownBySizeAndTimes() throws Exception {
        Path plain = Files.createDirectory(temporary.toRealPath().resolve("plain"));
        Git files = new Git(plain).write("a", "a\n").write("b", "b\n").write("c", "c\n");
        SourceManifest manifest = SourceManifest.capture(plain, new CaptureOptions(null, null, 4, 100, Duration.ofMinutes(1)));
        assertThat(manifest.notes(), contains(containsString("of 1 files")));
        assertThat(manifest.compareTouched(Set.of()), empty());
        files.write("a", "evil\n").write("b", "evil\n").write("c", "evil\n");
        List<SourceChange> changes = manifest.compareTouched(Set.of());
        assertThat(changes, hasSize(3));
        assertThat(changes.stream().filter(change -> change.before() == null).toList(), hasSize(1));
        assertThat(SourceManifest.capture(plain, new CaptureOptions(null, null, 1000, 2, Duration.ofMinutes(1))).notes(),
                contains(containsString("only the first 2 files")));
    }

    @Test
    void anEarlierManifestSparesReadingWhatWasNotWritten() throws Exception {
        Path plain = Files.createDirectory(temporary.toRealPath().resolve("plain"));
        Git files = new Git(plain).write("a", "a\n").write("b", "b\n");
        Thread.sleep(100); // out of the clock's tick, in which a file could change unseen
        SourceManifest first = SourceManifest.capture(plain);
        files.write("b", "c\n");
        // Nothing may be read any more, so what is known comes from the first manifest.
        SourceManifest second = SourceManifest.capture(plain, new CaptureOptions(first, null, 0, 100, Duration.ofMinutes(1)));
        assertThat(second.sources.get(plain.resolve("a").toString()).digest(), is(first.sources.get(plain.resolve("a").toString()).digest()));
        assertThat(second.sources.get(plain.resolve("b").toString()).digest(), nullValue());
    }

    @Test
    void aSecondManifestOfAnUnchangedCheckoutIsTheSameAndAChangeBetweenTheTwoIsSeen() throws Exception {
        settle(git, "a.txt", "src/b.txt", "docs/c.txt");
        git.write("src/b.txt", "edited\n");
        Thread.sleep(100);
        SourceManifest first = SourceManifest.capture(origin);
        SourceManifest second = SourceManifest.capture(origin, CaptureOptions.DEFAULTS.previous(first));
        assertThat(second.paths(), is(first.paths()));
        second.sources.forEach((path, source) -> assertThat(path, source.digest(), is(first.sources.get(path).digest())));
        assertThat(second.compareTouched(second.paths()), empty());
        git.write("a.txt", "between\n");
        SourceManifest third = SourceManifest.capture(origin, CaptureOptions.DEFAULTS.previous(second));
        assertThat(third.compareTouched(third.paths()), empty());
        assertThat(second.compareTouched(Set.of()), hasSize(1));
        Files.delete(origin.resolve("docs/c.txt"));
        SourceManifest without = SourceManifest.capture(origin, CaptureOptions.DEFAULTS.previous(third));
        git.write("docs/c.txt", "back\n");
        SourceManifest with = SourceManifest.capture(origin, CaptureOptions.DEFAULTS.previous(without));
        assertThat("a file that came back is watched again", with.contains(origin.resolve("docs/c.txt").toString()), is(true));
    }

    /** The clock of a file system ticks slowly: a state taken in the tick of the last write proves nothing. */
    @Test
    void aFileAsNewAsTheManifestIsReadAgain() throws IOException {
        FileState old = new FileState(0100644, 1, 1, 1_000_000_001L, 1_000_000_001L);
        assertThat(old.racy(2_000_000_000L), is(false));
        assertThat(old.racy(1_010_000_000L), is(true));
        FileState seconds = new FileState(0100644, 1, 1, 1_000_000_000L, 1_000_000_000L);
        assertThat(seconds.racy(2_500_000_000L), is(true));
        assertThat(seconds.racy(3_500_000_000L), is(false));
    }
}

package io.jenkins.plugins.hardenrunner.engine.source;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GitIndexTest {
    @TempDir
    Path folder;

    private Git git;

    @BeforeEach
    void requireGit() {
        Git.assumePresent();
    }

    private byte[] index(int version, String format) throws Exception {
        git = new Git(folder).init(format);
        git.write("README", "hello\n").write("src/main/a.txt", "a\n").write("src/main/ab.txt", "ab\n").write("src/main/abc/d", "d\n")
                .write("run.sh", "#!/bin/sh\n").write("a name with spaces and \u00fc", "x\n");
        Files.createSymbolicLink(folder.resolve("link"), Path.of("README"));
        folder.resolve("run.sh").toFile().setExecutable(true);
        git.run("add", "-A").run("update-index", "--index-version", Integer.toString(version));
        return Files.readAllBytes(folder.resolve(".git/index"));
    }

    @ParameterizedTest
    @CsvSource({"2, sha1", "4, sha1", "2, sha256", "4, sha256"})
    void readsWhatGitLists(int version, String format) throws Exception {
        String algorithm = format.equals("sha256") ? "SHA-256" : "SHA-1";
        GitIndex read = GitIndex.parse(index(version, format), algorithm);
        StringBuilder listed = new StringBuilder();
        for (GitIndex.Entry entry : read.entries()) {
            listed.append(String.format("%06o %s 0\t%s\0", entry.mode(), entry.id(), entry.path()));
        }
        assertThat(listed.toString(), is(git.output("ls-files", "-s", "-z")));
    }

    @Test
    void readsExtendedEntriesOfVersion3() throws Exception {
        index(2, "sha1");
        git.write("later", "x\n").run("add", "-N", "later").run("update-index", "--skip-worktree", "README");
        GitIndex read = GitIndex.parse(Files.readAllBytes(folder.resolve(".git/index")), "SHA-1");
        assertThat(read.entries().size(), is(8));
        assertThat(read.entries().stream().filter(GitIndex.Entry::absent).map(GitIndex.Entry::path).toList(), is(List.of("README")));
    }

    @Test
    void aWrongChecksumIsRefused() throws Exception {
        byte[] bytes = index(2, "sha1");
        bytes[40] ^= 1;
        assertThat(assertThrows(IOException.class, () -> GitIndex.parse(bytes, "SHA-1")).getMessage(), containsString("checksum"));
    }

    @Test
    void aPathOutOfTheWorkTreeIsRefused() throws Exception {
        for (String path : List.of("../../etc/x", "a/../../x", "a/.git/xx", "a//bcdef", "/etc/passwd", "./readme")) {
            byte[] bytes = new IndexBytes(2).entry(path).bytes();
            assertThat(assertThrows(IOException.class, () -> GitIndex.parse(bytes, "SHA-1")).getMessage(), containsString("leaves the work tree"));
        }
    }

    @ParameterizedTest
    @CsvSource({"2, sha1", "4, sha1", "2, sha256"})
    void readsASplitIndexWithWhatItDropsReplacesAndAdds(int version, String format) throws Exception {
        index(version, format);
        for (int i = 0; i < 300; i++) {
            git.write(String.format("many/%03d", i), "x" + i + "\n");
        }
        git.run("add", "-A").run("config", "splitIndex.maxPercentChange", "100").run("update-index", "--split-index");
        git.write("new", "n\n").write("README", "changed\n").write("many/123", "changed\n");
        Files.delete(folder.resolve("src/main/ab.txt"));
        for (int i = 130; i < 290; i++) {
            Files.delete(folder.resolve(String.format("many/%03d", i)));
        }
        git.run("add", "-A");
        Path file = folder.resolve(".git/index");
        String algorithm = format.equals("sha256") ? "SHA-256" : "SHA-1";
        assertThat("git split it", assertThrows(IOException.class, () -> GitIndex.parse(Files.readAllBytes(file), algorithm)).getMessage(),
                containsString("shared"));
        List<String> lines = GitIndex.read(file, algorithm).entries().stream()
                .map(entry -> String.format("%06o %s 0\t%s", entry.mode(), entry.id(), entry.path())).sorted().toList();
        assertThat(lines, is(Arrays.stream(git.output("ls-files", "-s", "-z").split("\0")).sorted().toList()));
    }

    @Test
    void aSplitIndexWhoseSharedPartIsGoneIsRefusedRatherThanReadByHalf() throws Exception {
        index(2, "sha1");
        git.run("update-index", "--split-index");
        try (Stream<Path> files = Files.list(folder.resolve(".git"))) {
            for (Path shared : files.filter(file -> file.getFileName().toString().startsWith("sharedindex.")).toList()) {
                Files.delete(shared);
            }
        }
        assertThrows(IOException.class, () -> GitIndex.read(folder.resolve(".git/index"), "SHA-1"));
    }

    @Test
    void refreshingKeepsTheDigestAndMarkingFilesChangesIt() throws Exception {
        index(2, "sha1");
        Path file = folder.resolve(".git/index");
        String before = GitIndex.read(file, "SHA-1").digest();
        folder.resolve("README").toFile().setLastModified(1_000_000_000_000L);
        git.run("status").run("update-index", "--index-version", "4");
        assertThat(GitIndex.read(file, "SHA-1").digest(), is(before));
        git.run("update-index", "--assume-unchanged", "README");
        assertThat(GitIndex.read(file, "SHA-1").digest(), not(before));
    }

    @Test
    void aCountLargerThanTheFileReservesNothing() {
        byte[] bytes = new IndexBytes(2).count(Integer.MAX_VALUE).bytes();
        assertThat(assertThrows(IOException.class, () -> GitIndex.parse(bytes, "SHA-1")).getMessage(), containsString("number of entries"));
        byte[] negative = new IndexBytes(2).count(-1).bytes();
        assertThrows(IOException.class, () -> GitIndex.parse(negative, "SHA-1"));
    }

    /** Bytes without a valid checksum are refused early, so the checksum is left out as index.skipHash does. */
    @ParameterizedTest
    @CsvSource({"2", "4"})
    void mutatedIndexesAreReadOrRefusedButNeverCrash(int version) throws Exception {
        byte[] original = index(version, "sha1");
        Arrays.fill(original, original.length - 20, original.length, (byte) 0);
        Random random = new Random(42);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = Arrays.copyOf(original, random.nextInt(10) == 0 ? random.nextInt(original.length) : original.length);
            for (int n = random.nextInt(4); n >= 0 && bytes.length > 20; n--) {
                bytes[random.nextInt(bytes.length - 20)] = (byte) random.nextInt(256);
            }
            try {
                GitIndex.parse(bytes, "SHA-1");
            } catch (IOException expected) {
                continue;
            } catch (RuntimeException e) {
                fail("mutation " + i, e);
            }
        }
    }
}

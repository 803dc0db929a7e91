package io.jenkins.plugins.hardenrunner.engine.source;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
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

    @Test
    void aSplitIndexIsRefusedRatherThanReadByHalf() throws Exception {
        index(2, "sha1");
        git.run("update-index", "--split-index");
        byte[] bytes = Files.readAllBytes(folder.resolve(".git/index"));
        assertThat(assertThrows(IOException.class, () -> GitIndex.parse(bytes, "SHA-1")).getMessage(), containsString("split"));
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

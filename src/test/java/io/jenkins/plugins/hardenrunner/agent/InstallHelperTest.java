package io.jenkins.plugins.hardenrunner.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.hardenrunner.engine.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class InstallHelperTest {
    private static final byte[] BYTES = "#!/bin/sh\necho '{\"state\":\"enforced\"}'\n".getBytes(StandardCharsets.UTF_8);
    private static final String SHA256 = Sha256.hex(BYTES);

    @TempDir
    Path root;

    private Path folder;

    @BeforeEach
    void chooseFolder() {
        folder = root.resolve("harden-runner");
    }

    @Test
    void asksForTheBytesOnlyIfItNeedsThem() throws Exception {
        assertThat(InstallHelper.install(folder, OwnFiles.PRIVATE, SHA256, null), nullValue());
        Path installed = InstallHelper.install(folder, OwnFiles.PRIVATE, SHA256, BYTES);
        assertThat(installed, is(InstallHelper.path(folder, SHA256)));
        assertThat(InstallHelper.install(folder, OwnFiles.PRIVATE, SHA256, null), is(installed));
    }

    @Test
    void installedHelperIsReadOnlyAndNothingElseIsLeft() throws Exception {
        Path installed = InstallHelper.install(folder, OwnFiles.PRIVATE, SHA256, BYTES);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(installed)), is("r-xr-xr-x"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)), is("rwx------"));
        try (var files = Files.list(installed.getParent())) {
            assertThat(files.count(), is(1L));
        }
    }

    @Test
    void changedContentIsNoticedAndReplaced() throws Exception {
        Path installed = InstallHelper.install(folder, OwnFiles.PRIVATE, SHA256, BYTES);
        byte[] other = BYTES.clone();
        other[BYTES.length - 2]++;
        Files.setPosixFilePermissions(installed, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.write(installed, other);
        Files.setPosixFilePermissions(installed, PosixFilePermissions.fromString("r-xr-xr-x"));
        assertThat(InstallHelper.isIntact(installed, SHA256), is(false));
        assertThat(InstallHelper.install(folder, OwnFiles.PRIVATE, SHA256, null), nullValue());
        InstallHelper.install(folder, OwnFiles.PRIVATE, SHA256, BYTES);
        assertThat(InstallHelper.isIntact(installed, SHA256), is(true));
    }

    @Test
    void writableHelperIsNotIntact() throws Exception {
        Path installed = InstallHelper.install(folder, OwnFiles.PRIVATE, SHA256, BYTES);
        Files.setPosixFilePermissions(installed, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(InstallHelper.isIntact(installed, SHA256), is(false));
    }

    @Test
    void linkInPlaceOfTheHelperIsReplacedAndItsTargetLeftAlone() throws Exception {
        Path installed = InstallHelper.install(folder, OwnFiles.PRIVATE, SHA256, BYTES);
        Path target = Files.write(root.resolve("target"), BYTES);
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("r-xr-xr-x"));
        Files.delete(installed);
        Files.createSymbolicLink(installed, target);
        assertThat(InstallHelper.isIntact(installed, SHA256), is(false));
        InstallHelper.install(folder, OwnFiles.PRIVATE, SHA256, BYTES);
        assertThat(Files.isSymbolicLink(installed), is(false));
        assertThat(Files.readAllBytes(target), is(BYTES));
    }

    @Test
    void linkInPlaceOfTheFolderIsRefused() throws Exception {
        Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
        Files.createSymbolicLink(folder, elsewhere);
        IOException e = assertThrows(IOException.class, () -> InstallHelper.install(folder, OwnFiles.PRIVATE, SHA256, BYTES));
        assertThat(e.getMessage(), containsString("is not a folder"));
        try (var files = Files.list(elsewhere)) {
            assertThat(files.count(), is(0L));
        }
    }

    @Test
    void bytesThatDoNotMatchTheDigestAreRefused() {
        byte[] other = BYTES.clone();
        other[0]++;
        assertThrows(IOException.class, () -> InstallHelper.install(folder, OwnFiles.PRIVATE, SHA256, other));
        assertThat(Files.exists(InstallHelper.path(folder, SHA256), LinkOption.NOFOLLOW_LINKS), is(false));
    }

    @Test
    void installedHelperCanBeAsked() throws Exception {
        Path installed = InstallHelper.install(folder, OwnFiles.PRIVATE, SHA256, BYTES);
        assertThat(Probe.run(installed, SHA256, false), is("{\"state\":\"enforced\"}"));
    }

    @Test
    void deletingFollowsNoLink() throws Exception {
        Path kept = Files.createDirectories(root.resolve("kept"));
        Files.createFile(kept.resolve("file"));
        Path doomed = Files.createDirectories(root.resolve("doomed/inner"));
        Files.createSymbolicLink(doomed.resolve("link"), kept);
        OwnFiles.delete(root.resolve("doomed"));
        assertThat(Files.exists(root.resolve("doomed")), not(true));
        assertThat(Files.exists(kept.resolve("file")), is(true));
    }
}

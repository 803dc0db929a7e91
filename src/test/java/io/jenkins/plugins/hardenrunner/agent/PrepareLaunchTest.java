package io.jenkins.plugins.hardenrunner.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.hardenrunner.engine.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class PrepareLaunchTest {
    private static final byte[] HELPER = "helper".getBytes(StandardCharsets.UTF_8);
    private static final String SHA256 = Sha256.hex(HELPER);

    @TempDir
    Path root;

    private Path folder;
    private Path helper;

    @BeforeEach
    void install() throws Exception {
        folder = root.resolve("harden-runner");
        helper = InstallHelper.install(folder, OwnFiles.PRIVATE, SHA256, HELPER);
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.US_ASCII));
        }
        return bytes.toByteArray();
    }

    private boolean prepare(String policy) throws Exception {
        return new PrepareLaunch(helper.toString(), SHA256, "b", "l-1", gzip(policy), false).invoke(folder.toFile(), null);
    }

    @Test
    void policyIsLaidDownForThisUserOnly() throws Exception {
        assertThat(prepare("harden-policy 1\nend\n"), is(true));
        Path policy = folder.resolve("b/l-1/policy");
        assertThat(Files.readString(policy), is("harden-policy 1\nend\n"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(policy)), is("r--------"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(policy.getParent())), is("rwx------"));
    }

    /** In a container the command may have another user, who reads the policy, adds events and sees nothing else. */
    @Test
    void anotherUserMayReadThePolicyAndLeaveEvents() throws Exception {
        PrepareLaunch task = new PrepareLaunch(helper.toString(), SHA256, "b", "l-1", gzip("p"), true);
        assertThat(task.invoke(folder.toFile(), null), is(true));
        Path policy = folder.resolve("b/l-1/policy");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(policy)), is("r--r--r--"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(policy.getParent())), is("rwx-wx-wx"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("b"))), is("rwxr-xr-x"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)), is("rwxr-xr-x"));
    }

    @Test
    void whatABuildPutThereBeforehandIsRemoved() throws Exception {
        Path launch = Files.createDirectories(folder.resolve("b/l-1"));
        Files.writeString(launch.resolve("events.ndjson"), "forged");
        assertThat(prepare("p"), is(true));
        assertThat(Files.exists(launch.resolve("events.ndjson")), is(false));
    }

    @Test
    void linkInPlaceOfTheBlocksFolderIsRefused() throws Exception {
        Path elsewhere = Files.createDirectory(root.resolve("elsewhere"));
        Files.createSymbolicLink(folder.resolve("b"), elsewhere);
        assertThrows(IOException.class, () -> prepare("p"));
    }

    @Test
    void nothingIsWrittenIfTheHelperWasChanged() throws Exception {
        Files.delete(helper);
        assertThat(prepare("p"), is(false));
        assertThat(Files.exists(folder.resolve("b")), is(false));
    }
}

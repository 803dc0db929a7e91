package io.jenkins.plugins.hardenrunner.goat;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ports, and the life of the process. */
final class SinkTest {
    @TempDir
    Path folder;

    @Test
    void takesTheNextCandidateWhenAPortIsTakenOnOneAddress() throws Exception {
        try (ServerSocket taken =
                new ServerSocket(0, 1, InetAddress.getByName(Zone.MALICIOUS.address()))) {
            int busy = taken.getLocalPort();
            try (Sink sink = new Sink(options(new int[] {busy, 0}))) {
                assertThat(sink.httpsPort(), not(busy));
            }
            IOException e = assertThrows(IOException.class, () -> new Sink(options(new int[] {busy})));
            assertThat(e.getMessage(), containsString("no HTTPS port can be bound"));
        }
    }

    @Test
    void endsWithStandardInput() throws Exception {
        Process process = start();
        awaitReady(process);
        process.getOutputStream().close();
        assertThat(process.waitFor(10, TimeUnit.SECONDS), is(true));
        assertThat(process.exitValue(), is(0));
    }

    @Test
    void endsOnSigterm() throws Exception {
        Process process = start();
        String ready = awaitReady(process);
        // Process.destroy would close standard input as well, which ends the sink on its own.
        process.toHandle().destroy();
        assertThat(process.waitFor(10, TimeUnit.SECONDS), is(true));
        assertThat(process.exitValue(), is(128 + 15));
        int port = Integer.parseInt(ready.replaceAll("(?s).*GOAT_HTTPS_PORT=([0-9]+).*", "$1"));
        new ServerSocket(port, 1, InetAddress.getByName(Zone.ATTACKER.address())).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--https-ports x", "--https-ports 65536", "--dns-port 1,2", "--dns-port", "--what", "stray"})
    void badOptionsAreRefusedByName(String options) {
        List<String> args = new ArrayList<>(List.of("--log", "l", "--ca", "c", "--ready", "r"));
        args.addAll(List.of(options.split(" ")));
        Goat.UsageException e = assertThrows(Goat.UsageException.class, () -> SinkOptions.parse(args));
        assertThat(e.getMessage(), containsString(options.split(" ")[0]));
    }

    private SinkOptions options(int[] httpsPorts) {
        return new SinkOptions(
                folder.resolve("log"), folder.resolve("ca"), folder.resolve("ready"), 0, httpsPorts, new int[] {0}, true);
    }

    private Process start() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), Goat.class.getName(),
                "sink", "--https-ports", "0", "--http-ports", "0"));
        for (String file : List.of("log", "ca", "ready")) {
            command.add("--" + file);
            command.add(folder.resolve(file).toString());
        }
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private String awaitReady(Process process) throws Exception {
        Path ready = folder.resolve("ready");
        for (int i = 0; i < 500 && process.isAlive(); i++) {
            if (Files.exists(ready)) {
                return Files.readString(ready);
            }
            Thread.sleep(20);
        }
        throw new AssertionError("not ready: " + new String(process.getInputStream().readNBytes(4096)));
    }
}

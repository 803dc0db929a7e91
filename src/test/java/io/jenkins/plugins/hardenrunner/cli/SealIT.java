package io.jenkins.plugins.hardenrunner.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.jenkins.plugins.hardenrunner.engine.Schemas;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Seals of real runs, with keys that openssl made. */
class SealIT {
    @TempDir
    private Path folder;

    private Launcher launcher;

    @BeforeAll
    static void ready() {
        Launcher.assumeReady();
    }

    @BeforeEach
    void keys() throws Exception {
        launcher = new Launcher(folder);
        shell("openssl genpkey -algorithm ed25519 -out key.pem && openssl pkey -in key.pem -pubout -out pub.pem"
                + " && openssl genpkey -algorithm ed25519 -out other.pem && openssl pkey -in other.pem -pubout -out other.pub");
    }

    private void shell(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", command).directory(folder.toFile()).inheritIO().start();
        assertThat(command, process.waitFor(), is(0));
    }

    private Launcher.Result sealed() throws Exception {
        return launcher.run("run", "-q", "--seal-key", "key.pem", "--report", "out", "--", "sh", "-c", "exit 3");
    }

    @Test
    void aSignedRunVerifiesAndAnAlteredOneDoesNot() throws Exception {
        assertThat(sealed().status(), is(3));
        Launcher.Result good = launcher.run("verify", "--key", "pub.pem", "out");
        assertThat(good.out(), good.status(), is(0));
        assertThat(launcher.run("verify", "--key", "other.pub", "out").status(), is(1));
        assertThat(launcher.run("verify", "out").out(), containsString("no key was given"));

        Path report = folder.resolve("out/report.json");
        String text = Files.readString(report);
        Files.writeString(report, text.replace("\"exitCode\" : 3", "\"exitCode\" : 0"));
        Launcher.Result bad = launcher.run("verify", "--key", "pub.pem", "out");
        assertThat(bad.status(), is(1));
        assertThat(bad.out(), containsString("FAILED  report.json: it was altered"));
    }

    @Test
    void theSignatureIsOneThatOpensslVerifies() throws Exception {
        sealed();
        String json = Files.readString(folder.resolve("out/seal.json"));
        assertThat(Schemas.errors("envelope", json), empty());
        var envelope = new ObjectMapper().readTree(json);
        byte[] payload = Base64.getDecoder().decode(envelope.path("payload").asText());
        assertThat(Schemas.errors("seal", new String(payload, StandardCharsets.UTF_8)), empty());
        String type = envelope.path("payloadType").asText();
        try (OutputStream out = Files.newOutputStream(folder.resolve("message"))) {
            out.write(("DSSEv1 " + type.length() + " " + type + " " + payload.length + " ").getBytes(StandardCharsets.US_ASCII));
            out.write(payload);
        }
        Files.write(folder.resolve("signature"), Base64.getDecoder().decode(envelope.at("/signatures/0/sig").asText()));
        shell("openssl pkeyutl -verify -pubin -inkey pub.pem -rawin -in message -sigfile signature");
    }

    @Test
    void whatStillRunsGoesOnBehindTheSeal() throws Exception {
        launcher.run("run", "-q", "--seal-key", "key.pem", "--report", "out", "--", "sh", "-c", "sleep 3 & :");
        Launcher.Result early = launcher.run("verify", "--key", "pub.pem", "out");
        assertThat(early.out(), early.status(), is(0));
        assertThat(early.out(), containsString("had not ended"));
        Waiting.until(this::hasEnded);
        Launcher.Result late = launcher.run("verify", "--key", "pub.pem", "out");
        assertThat(late.out(), late.status(), is(0));
    }

    private boolean hasEnded() {
        try {
            return Files.readString(folder.resolve("out/events.ndjson")).contains("\"k\":\"end\"");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void keysThatAreNoneStopBeforeTheCommand() throws Exception {
        Files.writeString(folder.resolve("none.pem"), "hello");
        Launcher.Result result = launcher.run("run", "--seal-key", "none.pem", "--report", "out", "--", "touch", "started");
        assertThat(result.status(), is(125));
        assertThat(result.err(), containsString("none.pem: one 'PRIVATE KEY' block is expected"));
        assertThat(launcher.run("run", "--seal-key", "key.pem", "--", "touch", "started").status(), is(125));
        assertThat(Files.exists(folder.resolve("started")), is(false));
        sealed();
        assertThat(launcher.run("verify", "--key", "none.pem", "out").status(), is(2));
    }

    @Test
    void aFolderOnAServerIsVerifiedFromAfar() throws Exception {
        sealed();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/build/evidence/", exchange -> {
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            Path file = folder.resolve("out").resolve(Path.of(exchange.getRequestURI().getPath()).getFileName());
            boolean allowed = authorization != null
                    && authorization.equals("Basic " + Base64.getEncoder().encodeToString("user:token".getBytes(StandardCharsets.UTF_8)));
            byte[] content = allowed && Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            exchange.sendResponseHeaders(!allowed ? 403 : Files.exists(file) ? 200 : 404, content.length == 0 ? -1 : content.length);
            exchange.getResponseBody().write(content);
            exchange.close();
        });
        server.start();
        try {
            String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/build/evidence";
            Launcher.Result denied = launcher.run("verify", "--key", "pub.pem", url);
            assertThat(denied.status(), is(2));
            assertThat(denied.err(), containsString("HARDEN_RUNNER_AUTH=user:token"));
            launcher.environment("HARDEN_RUNNER_AUTH=user:token");
            Launcher.Result good = launcher.run("verify", "--key", "pub.pem", url);
            assertThat(good.out() + good.err(), good.status(), is(0));
            Files.delete(folder.resolve("out/report.html"));
            assertThat(launcher.run("verify", "--key", "pub.pem", url).out(), containsString("FAILED  report.html: it is missing"));
        } finally {
            server.stop(0);
        }
    }
}

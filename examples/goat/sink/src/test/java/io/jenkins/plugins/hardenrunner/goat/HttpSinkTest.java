package io.jenkins.plugins.hardenrunner.goat;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpSinkTest {
    @TempDir
    Path folder;

    private RunningSink running;

    @BeforeEach
    void start() throws Exception {
        running = new RunningSink(folder);
    }

    @AfterEach
    void stop() throws Exception {
        running.close();
    }

    @ParameterizedTest
    @EnumSource(Zone.class)
    void certificateOfEachZoneIsTrustedThroughTheTestCa(Zone zone) throws Exception {
        String answer = overTls(zone, zone.domain(), "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello");
        assertThat(answer, startsWith("HTTP/1.1 "));
        SinkRecord record = running.recordOnce(r -> r.received(zone).endsWith("hello"));
        assertThat(record.connections(zone), is(1L));
    }

    @Test
    void certificateOfOneZoneDoesNotServeAnother() {
        assertThrows(SSLHandshakeException.class, () -> overTls(Zone.ATTACKER, "registry.test", "GET / HTTP/1.1\r\n\r\n"));
    }

    @Test
    void plainHttpIsLoggedAsItCame() throws Exception {
        String request = "POST /x HTTP/1.1\r\nHost: attacker.test\r\nContent-Length: 3\r\n\r\na\u0001b";
        assertThat(overHttp(Zone.ATTACKER, request), endsWith("received, thank you\n"));
        running.recordOnce(r -> r.received(Zone.ATTACKER).equals(request));
    }

    @Test
    void chunkedBodiesAreAnsweredAtTheirEnd() throws Exception {
        String answer = overHttp(
                Zone.ATTACKER,
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n1\r\n!\r\n0\r\nTrailer: 1\r\n\r\n");
        assertThat(answer, startsWith("HTTP/1.1 200 "));
        assertThat(Files.readString(running.options.log()), containsString("\"method\":\"POST\",\"target\":\"/\",\"bytes\":6"));
    }

    @Test
    void connectionWithoutAByteIsLogged() throws Exception {
        new Socket(Zone.ATTACKER.address(), running.sink.httpsPort()).close();
        running.recordOnce(r -> r.connections(Zone.ATTACKER) == 1);
    }

    @Test
    void bytesThatAreNoTlsAreLoggedOnTheWireLayer() throws Exception {
        try (Socket socket = new Socket(Zone.ATTACKER.address(), running.sink.httpsPort())) {
            socket.getOutputStream().write("canary".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            // The server may reset the connection; its log is what matters.
        }
        running.recordOnce(r -> readLog().contains("\"layer\":\"wire\",\"bytes\":5,\"text\":\"canar\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n",
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
            })
    void brokenRequestsEndTheConnectionAndAreLogged(String request) throws Exception {
        assertThat(overHttp(Zone.ATTACKER, request), is(""));
        running.recordOnce(r -> readLog().contains("\"event\":\"error\"") && r.received(Zone.ATTACKER).equals(request));
    }

    @Test
    void registryHasOneDownload() throws Exception {
        assertThat(overHttp(Zone.REGISTRY, "GET " + HttpAnswer.WORDS + " HTTP/1.1\r\n\r\n"), containsString("alpine"));
        assertThat(overHttp(Zone.REGISTRY, "GET /other HTTP/1.1\r\n\r\n"), startsWith("HTTP/1.1 404 "));
        assertThat(overHttp(Zone.REGISTRY, "PUT / HTTP/1.1\r\n\r\n"), startsWith("HTTP/1.1 405 "));
    }

    private String overHttp(Zone zone, String request) throws IOException {
        try (Socket socket = new Socket(zone.address(), running.sink.httpPort())) {
            return exchange(socket, request);
        }
    }

    private String overTls(Zone zone, String name, String request) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream pem = Files.newInputStream(running.options.ca())) {
            Certificate ca = CertificateFactory.getInstance("X.509").generateCertificate(pem);
            trusted.setCertificateEntry("ca", ca);
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        try (Socket wire = new Socket(zone.address(), running.sink.httpsPort());
                SSLSocket socket =
                        (SSLSocket) context.getSocketFactory().createSocket(wire, name, wire.getPort(), true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            return exchange(socket, request);
        }
    }

    private static String exchange(Socket socket, String request) throws IOException {
        socket.setSoTimeout(10_000);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private String readLog() {
        try {
            return Files.readString(running.options.log());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

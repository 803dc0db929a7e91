package io.jenkins.plugins.hardenrunner.sink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import io.jenkins.plugins.hardenrunner.engine.sink.SendResult;
import io.jenkins.plugins.hardenrunner.engine.sink.SyslogFormat;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocketFactory;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.Test;

class SyslogSenderTest {
    private static final SyslogFormat FORMAT = new SyslogFormat("ci.example.com", 13, 32473, SyslogFormat.STREAM_BYTES);

    private static SyslogSender sender(SyslogTransport transport, String host, int port, SSLSocketFactory tls) {
        return new SyslogSender(transport, host, port, FORMAT, tls);
    }

    private static SyslogSender tcp(int port) {
        return sender(SyslogTransport.TCP, "127.0.0.1", port, (SSLSocketFactory) SSLSocketFactory.getDefault());
    }

    /** Reads messages by their lengths until the sender is done, then closes. */
    private static CompletableFuture<List<String>> receive(ServerSocket server) {
        return CompletableFuture.supplyAsync(() -> {
            List<String> messages = new ArrayList<>();
            try (Socket socket = server.accept()) {
                DataInputStream in = new DataInputStream(socket.getInputStream());
                for (int digit; (digit = in.read()) >= 0; ) {
                    int length = 0;
                    for (; digit != ' '; digit = in.read()) {
                        length = length * 10 + Character.digit(digit, 10);
                    }
                    messages.add(new String(in.readNBytes(length), StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                messages.add("failed: " + e);
            }
            return messages;
        });
    }

    @Test
    void messagesOverTcpAreCounted() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<List<String>> received = receive(server);
            SendResult result = tcp(server.getLocalPort()).send(Sent.delivery(Sent.message("m1"), Sent.message("m2")));
            assertThat(result, is(new SendResult.Delivered("the receiver has read all of it")));
            List<String> messages = received.get();
            assertThat(messages, hasSize(2));
            assertThat(messages.get(0), startsWith("<106>1 2026-01-02T03:04:05.678Z ci.example.com harden-runner - finding [hardenRunner@32473 id=\"m1\""));
            assertThat(messages.get(1), containsString("id=\"m2\""));
        }
    }

    @Test
    void overTlsTheCertificateMustNameTheHost() throws Exception {
        HeldCertificate good = new HeldCertificate.Builder().addSubjectAlternativeName("localhost").build();
        HeldCertificate ofAnother = new HeldCertificate.Builder().addSubjectAlternativeName("other.example").build();
        SSLSocketFactory trusting = new HandshakeCertificates.Builder().addTrustedCertificate(good.certificate())
                .addTrustedCertificate(ofAnother.certificate()).build().sslSocketFactory();
        for (HeldCertificate certificate : List.of(good, ofAnother)) {
            try (SSLServerSocket server = (SSLServerSocket) new HandshakeCertificates.Builder().heldCertificate(certificate).build()
                    .sslContext().getServerSocketFactory().createServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                CompletableFuture<List<String>> received = receive(server);
                SendResult result = sender(SyslogTransport.TLS, "localhost", server.getLocalPort(), trusting).send(Sent.delivery(Sent.message("m1")));
                if (certificate == good) {
                    assertThat(result.toString(), result, instanceOf(SendResult.Delivered.class));
                    assertThat(received.get().get(0), containsString("id=\"m1\""));
                } else {
                    assertThat(((SendResult.Failed) result).reason(), containsString("localhost"));
                    assertThat(received.get().toString(), startsWith("[failed"));
                }
            }
        }
    }

    @Test
    void aReceiverThatGoesAwayHasNotGotIt() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> gone = CompletableFuture.runAsync(() -> {
                try (Socket socket = server.accept()) {
                    socket.getInputStream().read();
                    // Closing with unread data sends a reset.
                    socket.setSoLinger(true, 0);
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(tcp(server.getLocalPort()).send(Sent.delivery(Sent.messages(500).toArray(io.jenkins.plugins.hardenrunner.engine.sink.SinkMessage[]::new))),
                    instanceOf(SendResult.Failed.class));
            gone.get();
        }
    }

    @Test
    void whatCannotBeReachedFails() throws Exception {
        int port;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
        }
        assertThat(tcp(port).send(Sent.delivery(Sent.message("m"))), instanceOf(SendResult.Failed.class));
        SendResult unknown = sender(SyslogTransport.UDP, "no-such-host.invalid", 514, (SSLSocketFactory) SSLSocketFactory.getDefault())
                .send(Sent.delivery(Sent.message("m")));
        assertThat(((SendResult.Failed) unknown).reason(), is("the name 'no-such-host.invalid' cannot be resolved"));
    }

    @Test
    void overUdpEachMessageIsADatagram() throws Exception {
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(5000);
            SendResult result = sender(SyslogTransport.UDP, "127.0.0.1", server.getLocalPort(), (SSLSocketFactory) SSLSocketFactory.getDefault())
                    .send(Sent.delivery(Sent.message("m1"), Sent.message("m2")));
            assertThat(result, instanceOf(SendResult.Delivered.class));
            for (String id : List.of("m1", "m2")) {
                DatagramPacket packet = new DatagramPacket(new byte[9000], 9000);
                server.receive(packet);
                assertThat(new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8), containsString("id=\"" + id + "\""));
            }
        }
    }
}

package io.jenkins.plugins.hardenrunner.goat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * An HTTP or HTTPS server for one zone on its loopback address. Each connection is logged when it opens, for every
 * chunk received ({@code layer} {@code wire}; for TLS also {@code plaintext}), for a complete request, and when it
 * closes: a connection that never sends a byte is in the log too.
 */
final class HttpSink implements Closeable {
    private static final AtomicLong CONNECTIONS = new AtomicLong();
    private static final int IDLE_MILLISECONDS = 10_000;

    private final Zone zone;
    private final SSLContext tls;
    private final RecordingServerSocket listener;
    private final SinkLog log;

    /** @param tls null for plain HTTP */
    HttpSink(Zone zone, int port, SSLContext tls, SinkLog log) throws IOException {
        this.zone = zone;
        this.tls = tls;
        this.log = log;
        listener = new RecordingServerSocket(new InetSocketAddress(zone.address(), port));
    }

    int port() {
        return listener.getLocalPort();
    }

    void start() {
        daemon("accept " + zone.domain(), () -> {
            while (!listener.isClosed()) {
                try {
                    RecordingServerSocket.Recorded socket = listener.accept();
                    long id = CONNECTIONS.incrementAndGet();
                    daemon("connection " + id, () -> serve(socket, id));
                } catch (IOException e) {
                    if (!listener.isClosed()) {
                        write(0, line -> line.put("event", "error").put("detail", "accept: " + e.getMessage()));
                    }
                }
            }
        });
    }

    private void serve(RecordingServerSocket.Recorded socket, long id) {
        long[] received = {0};
        write(id, line -> line.put("event", "open").put("peer", peer(socket)));
        socket.onBytes(bytes -> {
            received[0] += bytes.length;
            received(id, "wire", bytes);
        });
        try (Socket wire = socket;
                Socket connection = tls == null ? wire : secured(wire)) {
            wire.setSoTimeout(IDLE_MILLISECONDS);
            InputStream in = tls == null
                    ? connection.getInputStream()
                    : RecordingServerSocket.recording(
                            connection.getInputStream(), bytes -> received(id, "plaintext", bytes));
            HttpRequest request = HttpRequest.read(in);
            write(id, line -> line.put("event", "request")
                    .put("method", request.method())
                    .put("target", request.target())
                    .put("bytes", request.body().length));
            answer(connection.getOutputStream(), HttpAnswer.to(zone, request));
        } catch (IOException e) {
            write(id, line -> line.put("event", "error").put("detail", String.valueOf(e.getMessage())));
        } finally {
            write(id, line -> line.put("event", "closed").put("bytes", received[0]));
        }
    }

    private Socket secured(Socket wire) throws IOException {
        // With a null stream of consumed bytes the factory makes a server-mode socket on top of the connection.
        return tls.getSocketFactory().createSocket(wire, (InputStream) null, true);
    }

    private static void answer(OutputStream out, HttpAnswer answer) throws IOException {
        String head = "HTTP/1.1 " + answer.status() + "\r\nContent-Type: " + answer.type() + "\r\nContent-Length: "
                + answer.body().length + "\r\nConnection: close\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        out.write(answer.body());
        out.flush();
    }

    private void received(long id, String layer, byte[] bytes) {
        write(id, line -> {
            line.put("event", "received").put("layer", layer);
            SinkLog.content(line, bytes);
        });
    }

    private void write(long connection, Consumer<ObjectNode> fields) {
        log.write(tls == null ? "http" : "https", line -> {
            line.put("name", zone.domain()).put("address", zone.address()).put("port", port());
            line.put("connection", connection);
            fields.accept(line);
        });
    }

    private static String peer(Socket socket) {
        return socket.getInetAddress().getHostAddress() + ":" + socket.getPort();
    }

    static void daemon(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}

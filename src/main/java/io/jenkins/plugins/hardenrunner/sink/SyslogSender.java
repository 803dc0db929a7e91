package io.jenkins.plugins.hardenrunner.sink;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.engine.sink.Delivery;
import io.jenkins.plugins.hardenrunner.engine.sink.SendResult;
import io.jenkins.plugins.hardenrunner.engine.sink.SinkMessage;
import io.jenkins.plugins.hardenrunner.engine.sink.SyslogFormat;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Syslog over TLS (RFC 5425), TCP (RFC 6587, octet counting) or UDP (RFC 5426). The protocol has no acknowledgement; over a
 * stream a delivery counts as made when the receiver has read to its end and closed, or has kept silent for a while.
 */
final class SyslogSender implements SinkSender {
    private static final int CONNECT_MILLIS = 10_000;
    private static final int WHOLE_MILLIS = 30_000;
    private static final int CLOSE_MILLIS = 2_000;

    private final SyslogTransport transport;
    private final String host;
    private final int port;
    private final SyslogFormat format;
    private final SSLSocketFactory tls;

    SyslogSender(@NonNull SyslogTransport transport, @NonNull String host, int port, @NonNull SyslogFormat format, @NonNull SSLSocketFactory tls) {
        this.transport = transport;
        this.host = host;
        this.port = port;
        this.format = format;
        this.tls = tls;
    }

    @NonNull
    @Override
    public SendResult send(@NonNull Delivery delivery) throws InterruptedException {
        try {
            if (transport == SyslogTransport.UDP) {
                datagrams(delivery);
                return new SendResult.Delivered("sent; UDP does not tell whether it has arrived");
            }
            try (Socket socket = connect()) {
                FutureTask<Boolean> task = new FutureTask<>(() -> stream(delivery, socket));
                Thread writer = new Thread(task, "Harden Runner: syslog to " + host);
                writer.setDaemon(true);
                writer.start();
                // A receiver that does not read blocks the writer for ever; closing the socket ends it.
                boolean closed = task.get(WHOLE_MILLIS, TimeUnit.MILLISECONDS);
                return new SendResult.Delivered(closed ? "the receiver has read all of it" : "sent; the receiver says nothing");
            }
        } catch (UnknownHostException e) {
            return new SendResult.Failed("the name '" + host + "' cannot be resolved", null);
        } catch (TimeoutException e) {
            return new SendResult.Failed("not taken within " + WHOLE_MILLIS / 1000 + " s", null);
        } catch (ExecutionException e) {
            return new SendResult.Failed(SinkHttp.reason(e.getCause()), null);
        } catch (IOException e) {
            return new SendResult.Failed(SinkHttp.reason(e), null);
        }
    }

    private void datagrams(Delivery delivery) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getByName(host), port));
            for (SinkMessage message : delivery.messages()) {
                byte[] bytes = format.format(message);
                socket.send(new DatagramPacket(bytes, bytes.length));
            }
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(InetAddress.getByName(host), port), CONNECT_MILLIS);
            socket.setSoTimeout(CONNECT_MILLIS);
            if (transport == SyslogTransport.TCP) {
                return socket;
            }
            SSLSocket secure = (SSLSocket) tls.createSocket(socket, host, port, true);
            SSLParameters parameters = secure.getSSLParameters();
            // A plain SSLSocket checks the chain only; any certificate of any host would do.
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secure.setSSLParameters(parameters);
            secure.startHandshake();
            return secure;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Whether the receiver has closed after the last message. */
    private boolean stream(Delivery delivery, Socket socket) throws IOException {
        OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 64 << 10);
        for (SinkMessage message : delivery.messages()) {
            out.write(SyslogFormat.frame(format.format(message)));
        }
        out.flush();
        // What is only in the buffers of a connection that breaks is lost without an error, so wait for the other end.
        socket.shutdownOutput();
        socket.setSoTimeout(CLOSE_MILLIS);
        try {
            byte[] ignored = new byte[1024];
            for (int rounds = 0; rounds < 64; rounds++) {
                if (socket.getInputStream().read(ignored) < 0) {
                    return true;
                }
            }
        } catch (SocketTimeoutException e) {
            return false;
        }
        return false;
    }

    @Override
    public void close() {
        // Each delivery has its own connection.
    }
}

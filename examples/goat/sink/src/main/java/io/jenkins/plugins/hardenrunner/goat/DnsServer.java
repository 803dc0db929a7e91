package io.jenkins.plugins.hardenrunner.goat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** DNS over UDP and TCP on 127.0.0.1, same port; every message that arrives is in the log, parseable or not. */
final class DnsServer implements Closeable {
    private static final int ATTEMPTS = 20;
    private static final int IDLE_MILLISECONDS = 10_000;

    private final SinkLog log;
    private DatagramSocket udp;
    private ServerSocket tcp;

    /** @param port 0 takes a port that is free for both transports */
    DnsServer(int port, SinkLog log) throws IOException {
        this.log = log;
        InetAddress local = InetAddress.getByName("127.0.0.1");
        for (int attempt = 1; tcp == null; attempt++) {
            udp = new DatagramSocket(new InetSocketAddress(local, port));
            try {
                ServerSocket candidate = new ServerSocket();
                candidate.setReuseAddress(true);
                candidate.bind(new InetSocketAddress(local, udp.getLocalPort()));
                tcp = candidate;
            } catch (IOException e) {
                udp.close();
                // The port that is free for UDP may be taken for TCP: with a free choice, choose again.
                if (port != 0 || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    int port() {
        return udp.getLocalPort();
    }

    void start() {
        HttpSink.daemon("dns udp", this::serveUdp);
        HttpSink.daemon("dns tcp", this::acceptTcp);
    }

    private void serveUdp() {
        byte[] buffer = new byte[65535];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                byte[] query = Arrays.copyOf(buffer, packet.getLength());
                byte[] answer = answer(query, "udp", packet.getAddress().getHostAddress() + ":" + packet.getPort());
                if (answer != null) {
                    udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                if (!udp.isClosed()) {
                    error("udp", e);
                }
            }
        }
    }

    private void acceptTcp() {
        while (!tcp.isClosed()) {
            try {
                Socket socket = tcp.accept();
                HttpSink.daemon("dns tcp connection", () -> serveTcp(socket));
            } catch (IOException e) {
                if (!tcp.isClosed()) {
                    error("tcp", e);
                }
            }
        }
    }

    private void serveTcp(Socket socket) {
        try (Socket connection = socket) {
            connection.setSoTimeout(IDLE_MILLISECONDS);
            DataInputStream in = new DataInputStream(connection.getInputStream());
            DataOutputStream out = new DataOutputStream(connection.getOutputStream());
            while (true) {
                byte[] query = new byte[in.readUnsignedShort()];
                in.readFully(query);
                byte[] answer =
                        answer(query, "tcp", connection.getInetAddress().getHostAddress() + ":" + connection.getPort());
                if (answer != null) {
                    out.writeShort(answer.length);
                    out.write(answer);
                    out.flush();
                }
            }
        } catch (EOFException e) {
            // The client is done.
        } catch (IOException e) {
            error("tcp", e);
        }
    }

    /** Answers and logs one message; null if no answer is due. */
    private byte[] answer(byte[] query, String transport, String peer) {
        Message message;
        Message reply;
        try {
            message = new Message(query);
            reply = DnsAnswer.to(message);
        } catch (IOException e) {
            log.write("dns", line -> line.put("event", "unparseable")
                    .put("transport", transport)
                    .put("peer", peer)
                    .put("bytes", query.length)
                    .put("base64", Base64.getEncoder().encodeToString(query)));
            return null;
        }
        Record question = message.getQuestion();
        List<Record> records = reply == null ? List.of() : reply.getSection(Section.ANSWER);
        log.write("dns", line -> {
            line.put("event", "query").put("transport", transport).put("peer", peer).put("bytes", query.length);
            if (question != null) {
                line.put("name", question.getName().toString(true)).put("type", Type.string(question.getType()));
            }
            line.put("rcode", reply == null ? "" : Rcode.string(reply.getRcode()));
            ArrayNode answers = line.putArray("answers");
            records.forEach(r -> answers.add(r.rdataToString()));
            line.put("base64", Base64.getEncoder().encodeToString(query));
        });
        return reply == null ? null : reply.toWire();
    }

    private void error(String transport, IOException e) {
        log.write("dns", line -> line.put("event", "error")
                .put("transport", transport)
                .put("detail", String.valueOf(e.getMessage())));
    }

    @Override
    public void close() throws IOException {
        udp.close();
        tcp.close();
    }
}

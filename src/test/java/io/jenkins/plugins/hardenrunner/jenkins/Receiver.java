package io.jenkins.plugins.hardenrunner.jenkins;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.standardwebhooks.Webhook;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A receiver of webhooks that believes nothing without a valid signature. */
final class Receiver implements AutoCloseable {
    static final String SECRET = "correct horse battery staple";

    private final HttpServer server;
    private final List<JsonNode> messages = Collections.synchronizedList(new ArrayList<>());
    private final List<String> raw = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger status = new AtomicInteger(200);
    private final AtomicInteger forged = new AtomicInteger();

    /** @param port 0 for any */
    Receiver(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            raw.add(exchange.getRequestHeaders().entrySet() + "\n" + body);
            int answer = status.get();
            if (answer == 200) {
                try {
                    new Webhook(SECRET.getBytes(StandardCharsets.UTF_8)).verify(body, exchange.getRequestHeaders());
                    new ObjectMapper().readTree(body).path("messages").forEach(messages::add);
                } catch (Exception e) {
                    forged.incrementAndGet();
                    answer = 401;
                }
            }
            exchange.sendResponseHeaders(answer, -1);
            exchange.close();
        });
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url() {
        return "http://127.0.0.1:" + port() + "/hook";
    }

    /** What to answer from now on; 200 verifies and remembers. */
    void answer(int code) {
        status.set(code);
    }

    int forged() {
        return forged.get();
    }

    /** All requests as they came, headers and bodies. */
    List<String> raw() {
        synchronized (raw) {
            return new ArrayList<>(raw);
        }
    }

    List<JsonNode> messages() {
        synchronized (messages) {
            return new ArrayList<>(messages);
        }
    }

    /** Waits for so many messages of a kind. */
    List<JsonNode> await(String kind, int count) throws InterruptedException {
        for (int i = 0; i < 600; i++) {
            List<JsonNode> found = messages().stream().filter(message -> message.path("kind").asText().equals(kind)).toList();
            if (found.size() >= count) {
                return found;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("not " + count + " messages of the kind " + kind + ", but " + messages());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}

package io.jenkins.plugins.hardenrunner.goat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** What a zone's server says: the registry has one download, everybody else says thanks for whatever comes. */
record HttpAnswer(String status, String type, byte[] body) {
    static final String WORDS = "/goat-benign-words/words-1.0.0.json";

    static HttpAnswer to(Zone zone, HttpRequest request) throws IOException {
        if (zone != Zone.REGISTRY) {
            return text("200 OK", "received, thank you\n");
        }
        if (!request.method().equals("GET")) {
            return text("405 Method Not Allowed", "only GET\n");
        }
        if (!request.target().equals(WORDS)) {
            return text("404 Not Found", "no such download\n");
        }
        try (InputStream words = HttpAnswer.class.getResourceAsStream("words-1.0.0.json")) {
            return new HttpAnswer("200 OK", "application/json", words.readAllBytes());
        }
    }

    private static HttpAnswer text(String status, String body) {
        return new HttpAnswer(status, "text/plain", body.getBytes(StandardCharsets.US_ASCII));
    }
}

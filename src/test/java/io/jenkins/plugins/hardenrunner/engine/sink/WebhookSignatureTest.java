package io.jenkins.plugins.hardenrunner.engine.sink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the implementation of those who made the specification, and against openssl. */
class WebhookSignatureTest {
    private static final String SECRET = "correct horse battery staple";
    private static final String BODY = "{\"text\":\"ä\\n\"}";

    private static Map<String, List<String>> headers(String id, Instant time, String signature) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("webhook-id", List.of(id));
        headers.put("webhook-timestamp", List.of(String.valueOf(time.getEpochSecond())));
        headers.put("webhook-signature", List.of(signature));
        return headers;
    }

    private static String sign(String secret, String id, Instant time) {
        return new WebhookSignature(secret).of(id, time, BODY.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void receiversVerifyIt() throws Exception {
        Instant now = Instant.now();
        Webhook receiver = new Webhook(SECRET.getBytes(StandardCharsets.UTF_8));
        assertDoesNotThrow(() -> receiver.verify(BODY, headers("d1", now, sign(SECRET, "d1", now))));
        String encoded = "whsec_" + Base64.getEncoder().encodeToString(SECRET.getBytes(StandardCharsets.UTF_8));
        assertThat("the same key in its other form", sign(encoded, "d1", now), is(sign(SECRET, "d1", now)));
    }

    @Test
    void noPartOfItCanBeChanged() throws Exception {
        Instant now = Instant.now();
        Webhook receiver = new Webhook(SECRET.getBytes(StandardCharsets.UTF_8));
        String signature = sign(SECRET, "d1", now);
        for (Map<String, List<String>> changed : List.of(
                headers("d2", now, signature), headers("d1", now.plusSeconds(1), signature),
                headers("d1", now, sign("another secret, as long as that", "d1", now)),
                headers("d1", now.minusSeconds(3600), sign(SECRET, "d1", now.minusSeconds(3600))))) {
            assertThrows(WebhookVerificationException.class, () -> receiver.verify(BODY, changed));
        }
        assertThrows(WebhookVerificationException.class, () -> receiver.verify(BODY + " ", headers("d1", now, signature)));
    }

    /** The recipe of docs/exports.md. */
    @Test
    void opensslComputesTheSame(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("body"), BODY);
        ProcessBuilder builder = new ProcessBuilder("sh", "-c",
                "(printf '%s.%s.' d1 1700000000; cat body) | openssl dgst -sha256 -hmac \"$SECRET\" -binary | base64")
                .directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("SECRET", SECRET);
        String output = new String(builder.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        assertThat("v1," + output, is(sign(SECRET, "d1", Instant.ofEpochSecond(1_700_000_000L))));
    }

    @Test
    void aWeakSecretIsRefusedAndNotQuoted() {
        assertThat(assertThrows(IllegalArgumentException.class, () -> new WebhookSignature("short")).getMessage(), is("the secret has 5 bytes, at least 24 are needed"));
        String message = assertThrows(IllegalArgumentException.class, () -> new WebhookSignature("whsec_not*base64")).getMessage();
        assertThat(message, not(containsString("not*base64")));
    }
}

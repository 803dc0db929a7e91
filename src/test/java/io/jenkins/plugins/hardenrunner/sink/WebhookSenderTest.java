package io.jenkins.plugins.hardenrunner.sink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.standardwebhooks.Webhook;
import io.jenkins.plugins.hardenrunner.engine.sink.Delivery;
import io.jenkins.plugins.hardenrunner.engine.sink.SendResult;
import io.jenkins.plugins.hardenrunner.engine.sink.WebhookSignature;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebhookSenderTest {
    private static final String SECRET = "correct horse battery staple";

    private final MockWebServer receiver = new MockWebServer();

    @AfterEach
    void stop() {
        receiver.close();
    }

    private WebhookSender sender() throws Exception {
        receiver.start();
        return new WebhookSender(Sent.http(), receiver.url("/hook?x=1").uri(), new WebhookSignature(SECRET), Map.of("Authorization", "Bearer t0ken"));
    }

    private static MockResponse.Builder status(int code) {
        return new MockResponse.Builder().code(code);
    }

    @Test
    void theReceiverVerifiesTheSignatureAndReadsTheMessages() throws Exception {
        receiver.enqueue(status(204).build());
        Delivery delivery = Sent.delivery(Sent.message("m1"), Sent.message("m2"));
        assertThat(sender().send(delivery), is(new SendResult.Delivered("status 204")));
        RecordedRequest request = receiver.takeRequest();
        assertThat(request.getMethod(), is("POST"));
        assertThat(request.getTarget(), is("/hook?x=1"));
        assertThat(request.getHeaders().get("Authorization"), is("Bearer t0ken"));
        assertThat(request.getHeaders().get("Upgrade"), nullValue());
        String body = request.getBody().string(StandardCharsets.UTF_8);
        assertDoesNotThrow(() -> new Webhook(SECRET.getBytes(StandardCharsets.UTF_8)).verify(body, request.getHeaders().toMultimap()));
        JsonNode json = new ObjectMapper().readTree(body);
        assertThat(json.path("schema").asInt(), is(1));
        assertThat(json.path("delivery").asText(), is(delivery.id()));
        assertThat(json.path("messages").size(), is(2));
        assertThat(json.path("messages").get(1).toString(), is(Sent.message("m2").toJson()));
    }

    @Test
    void anAttemptIsSignedAnewUnderTheSameId() throws Exception {
        receiver.enqueue(status(500).build());
        receiver.enqueue(status(200).build());
        WebhookSender sender = sender();
        Delivery delivery = Sent.delivery(Sent.message("m1"));
        sender.send(delivery);
        TimeUnit.MILLISECONDS.sleep(1100);
        sender.send(delivery);
        RecordedRequest first = receiver.takeRequest();
        RecordedRequest second = receiver.takeRequest();
        assertThat(second.getHeaders().get("webhook-id"), is(first.getHeaders().get("webhook-id")));
        assertThat(Long.parseLong(first.getHeaders().get("webhook-timestamp")), is(lessThan(Long.parseLong(second.getHeaders().get("webhook-timestamp")))));
    }

    @Test
    void onlyWhatTheReceiverHasReadAndDoesNotWantIsGivenUpAtOnce() throws Exception {
        WebhookSender sender = sender();
        for (int code : new int[] {400, 410, 413, 415, 422}) {
            receiver.enqueue(status(code).build());
            assertThat(sender.send(Sent.delivery(Sent.message("m"))), is(new SendResult.Rejected("the receiver answered with status " + code)));
        }
        for (int code : new int[] {401, 403, 404, 408, 429, 500, 503}) {
            receiver.enqueue(status(code).build());
            assertThat(sender.send(Sent.delivery(Sent.message("m"))), is(new SendResult.Failed("the receiver answered with status " + code, null)));
        }
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        try (MockWebServer elsewhere = new MockWebServer()) {
            elsewhere.start();
            WebhookSender sender = sender();
            receiver.enqueue(status(308).setHeader("Location", elsewhere.url("/").toString()).build());
            assertThat(((SendResult.Failed) sender.send(Sent.delivery(Sent.message("m")))).reason(), containsString("redirect, which is not followed"));
            assertThat(elsewhere.getRequestCount(), is(0));
        }
    }

    @Test
    void neitherSilenceNorADrippingAnswerHoldsItUp() throws Exception {
        WebhookSender sender = sender();
        receiver.enqueue(status(200).headersDelay(10, TimeUnit.SECONDS).build());
        long start = System.nanoTime();
        assertThat(sender.send(Sent.delivery(Sent.message("m"))), instanceOf(SendResult.Failed.class));
        assertThat(Duration.ofNanos(System.nanoTime() - start).toSeconds(), is(lessThan(5L)));
        receiver.enqueue(status(200).body("x".repeat(10_000)).throttleBody(1, 1, TimeUnit.SECONDS).build());
        start = System.nanoTime();
        assertThat(((SendResult.Failed) sender.send(Sent.delivery(Sent.message("m")))).reason(), containsString("no answer within 2 s"));
        assertThat(Duration.ofNanos(System.nanoTime() - start).toSeconds(), is(lessThan(5L)));
    }

    @Test
    void notAllOfALongAnswerIsRead() throws Exception {
        receiver.start();
        receiver.enqueue(status(200).body("x".repeat(10_000_000)).build());
        SinkHttp patient = new SinkHttp(SinkHttp.prepared(HttpClient.newBuilder()), Duration.ofSeconds(60));
        assertThat(patient.post(receiver.url("/").uri(), Map.of(), new byte[1]).body().length, is(64 << 10));
    }

    @Test
    void theCertificateIsChecked() throws Exception {
        HeldCertificate good = new HeldCertificate.Builder().addSubjectAlternativeName("localhost").build();
        HeldCertificate ofAnother = new HeldCertificate.Builder().addSubjectAlternativeName("other.example").build();
        HandshakeCertificates trusting = new HandshakeCertificates.Builder()
                .addTrustedCertificate(good.certificate()).addTrustedCertificate(ofAnother.certificate()).build();
        for (HeldCertificate certificate : new HeldCertificate[] {good, ofAnother}) {
            try (MockWebServer secure = new MockWebServer()) {
                secure.useHttps(new HandshakeCertificates.Builder().heldCertificate(certificate).build().sslSocketFactory());
                secure.start(InetAddress.getLoopbackAddress(), 0);
                secure.enqueue(status(200).build());
                SinkHttp known = new SinkHttp(SinkHttp.prepared(HttpClient.newBuilder().sslContext(trusting.sslContext())), Duration.ofSeconds(5));
                java.net.URI uri = java.net.URI.create("https://localhost:" + secure.getPort() + "/");
                SendResult result = new WebhookSender(known, uri, null, Map.of()).send(Sent.delivery(Sent.message("m")));
                assertThat(result.toString(), result, is(certificate == good ? instanceOf(SendResult.Delivered.class) : instanceOf(SendResult.Failed.class)));
                assertThat("nobody vouches for it", new WebhookSender(Sent.http(), uri, null, Map.of()).send(Sent.delivery(Sent.message("m"))),
                        instanceOf(SendResult.Failed.class));
            }
        }
    }

    @Test
    void retryAfterIsSecondsOrADate() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        assertThat(SinkHttp.delay("120", now), is(Duration.ofSeconds(120)));
        assertThat(SinkHttp.delay("Thu, 01 Jan 2026 00:01:00 GMT", now), is(Duration.ofMinutes(1)));
        assertThat(SinkHttp.delay("Thu, 01 Jan 2015 00:01:00 GMT", now), is(Duration.ZERO));
        assertThat(SinkHttp.delay("soon", now), nullValue());
    }
}

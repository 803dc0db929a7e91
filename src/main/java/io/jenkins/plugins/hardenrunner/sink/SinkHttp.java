package io.jenkins.plugins.hardenrunner.sink;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ProxyConfiguration;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * POST requests to a receiver: through the proxy of Jenkins, with the certificate checked, within a bounded time, and never
 * to another place than the one that the administrator chose.
 */
final class SinkHttp {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration WHOLE = Duration.ofSeconds(30);
    private static final int MOST_ANSWER = 64 << 10;

    private final HttpClient client;
    private final Duration patience;

    SinkHttp(@NonNull HttpClient client, @NonNull Duration patience) {
        this.client = client;
        this.patience = patience;
    }

    /** As Jenkins is configured. */
    @NonNull
    static SinkHttp ofJenkins() {
        return new SinkHttp(prepared(ProxyConfiguration.newHttpClientBuilder()), WHOLE);
    }

    /** A redirect would carry findings, and the credentials with them, to a place that nobody chose. */
    @NonNull
    static HttpClient prepared(@NonNull HttpClient.Builder builder) {
        return builder.connectTimeout(CONNECT).followRedirects(HttpClient.Redirect.NEVER).version(HttpClient.Version.HTTP_1_1).build();
    }

    /** What a server said. @param delay that it asks for; null if it does not @param body as far as anybody wants to know */
    record Answer(int status, @CheckForNull Duration delay, @NonNull byte[] body) {}

    /** @throws IOException if there is no answer; the message says why */
    @NonNull
    Answer post(@NonNull URI uri, @NonNull Map<String, String> headers, @NonNull byte[] body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(patience).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        CompletableFuture<HttpResponse<byte[]>> exchange =
                client.sendAsync(request.build(), response -> new LimitedBody(MOST_ANSWER));
        try {
            // The request's own timeout ends with the headers; a body can drip for ever.
            HttpResponse<byte[]> response = exchange.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            String wish = response.headers().firstValue("Retry-After").orElse(null);
            return new Answer(response.statusCode(), delay(wish, Instant.now()), response.body());
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + patience.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(reason(e.getCause()), e.getCause());
        } finally {
            exchange.cancel(true);
        }
    }

    /** Retry-After as RFC 9110 has it: seconds or a date. */
    @CheckForNull
    static Duration delay(@CheckForNull String header, @NonNull Instant now) {
        if (header == null) {
            return null;
        }
        if (header.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(header));
        }
        try {
            Duration until = Duration.between(now, ZonedDateTime.parse(header, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
            return until.isNegative() ? Duration.ZERO : until;
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    /** What went wrong, for people; some of the exceptions of this client have no text. */
    @NonNull
    static String reason(@NonNull Throwable e) {
        String text = e.getMessage();
        if (text == null || text.isBlank()) {
            return e instanceof ConnectException ? "cannot connect" : "no connection (" + e.getClass().getSimpleName() + ")";
        }
        return text;
    }
}

package io.jenkins.plugins.hardenrunner.sink;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.engine.sink.Delivery;
import io.jenkins.plugins.hardenrunner.engine.sink.SendResult;
import io.jenkins.plugins.hardenrunner.engine.sink.SinkMessage;
import io.jenkins.plugins.hardenrunner.engine.sink.WebhookSignature;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One POST a delivery, with a signature of the Standard Webhooks specification. */
final class WebhookSender implements SinkSender {
    /** The receiver has read the delivery and does not want it; of all else somebody may remove the cause. */
    private static final Set<Integer> FINAL = Set.of(400, 410, 413, 415, 422);

    private final SinkHttp http;
    private final URI uri;
    private final WebhookSignature signature;
    private final Map<String, String> authorization;

    /**
     * @param signature null to send without
     * @param authorization headers that hold a secret; may be empty
     */
    WebhookSender(@NonNull SinkHttp http, @NonNull URI uri, @CheckForNull WebhookSignature signature, @NonNull Map<String, String> authorization) {
        this.http = http;
        this.uri = uri;
        this.signature = signature;
        this.authorization = authorization;
    }

    @NonNull
    @Override
    public SendResult send(@NonNull Delivery delivery) throws InterruptedException {
        String body = delivery.messages().stream().map(SinkMessage::toJson)
                .collect(Collectors.joining(",", "{\"schema\":1,\"delivery\":\"" + delivery.id() + "\",\"messages\":[", "]}"));
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        // The time of this attempt: a receiver refuses old ones, and a delivery may have waited for days.
        Instant now = Instant.now();
        Map<String, String> headers = new TreeMap<>(authorization);
        headers.put("Content-Type", "application/json");
        headers.put("User-Agent", "harden-runner");
        headers.put("webhook-id", delivery.id());
        headers.put("webhook-timestamp", String.valueOf(now.getEpochSecond()));
        if (signature != null) {
            headers.put("webhook-signature", signature.of(delivery.id(), now, bytes));
        }
        SinkHttp.Answer answer;
        try {
            answer = http.post(uri, headers, bytes);
        } catch (IOException e) {
            return new SendResult.Failed(SinkHttp.reason(e), null);
        }
        int status = answer.status();
        if (status / 100 == 2) {
            return new SendResult.Delivered("status " + status);
        }
        String reason = "the receiver answered with status " + status + (status / 100 == 3 ? ", a redirect, which is not followed" : "");
        return FINAL.contains(status) ? new SendResult.Rejected(reason) : new SendResult.Failed(reason, answer.delay());
    }

    @Override
    public void close() {
        // The client's connections end when nobody uses them.
    }
}

package io.jenkins.plugins.hardenrunner.sink;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.engine.sink.SendResult;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.Compressor;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.common.export.HttpSender;
import io.opentelemetry.sdk.common.export.HttpSenderConfig;
import io.opentelemetry.sdk.common.export.MessageWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The HTTP part of an OTLP exporter, in the caller's thread. Remembers what became of the last request. */
final class OtlpTransport implements HttpSender {
    /** By the specification of OTLP these can be tried again, and no others. */
    private static final Set<Integer> TRANSIENT = Set.of(429, 502, 503, 504);

    private final SinkHttp http;
    private final URI endpoint;
    private final Map<String, String> authorization;
    private HttpSenderConfig config;
    private SendResult result;

    OtlpTransport(@NonNull SinkHttp http, @NonNull URI endpoint, @NonNull Map<String, String> authorization) {
        this.http = http;
        this.endpoint = endpoint;
        this.authorization = authorization;
    }

    @NonNull
    HttpSender configured(@NonNull HttpSenderConfig config) {
        this.config = config;
        return this;
    }

    /** What became of the last request, once; null if there was none. */
    @CheckForNull
    SendResult takeResult() {
        SendResult last = result;
        result = null;
        return last;
    }

    @Override
    public void send(MessageWriter message, Consumer<HttpResponse> answered, Consumer<Throwable> failed) {
        try {
            Map<String, String> headers = new TreeMap<>(authorization);
            headers.put("Content-Type", config.getContentType());
            headers.put("User-Agent", "harden-runner");
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            Compressor compressor = config.getCompressor();
            if (compressor == null) {
                message.writeMessage(body);
            } else {
                headers.put("Content-Encoding", compressor.getEncoding());
                try (OutputStream out = compressor.compress(body)) {
                    message.writeMessage(out);
                }
            }
            SinkHttp.Answer answer = http.post(endpoint, headers, body.toByteArray());
            result = result(answer);
            answered.accept(new Response(answer.status(), "", answer.body()));
        } catch (IOException e) {
            result = new SendResult.Failed(SinkHttp.reason(e), null);
            failed.accept(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            result = new SendResult.Failed("interrupted", null);
            failed.accept(e);
        }
    }

    private static SendResult result(SinkHttp.Answer answer) {
        int status = answer.status();
        if (status / 100 == 2) {
            String refused = OtlpAnswer.refused(answer.body());
            return refused == null ? new SendResult.Delivered("status " + status) : new SendResult.Rejected(refused);
        }
        String reason = "the collector answered with status " + status + (status / 100 == 3 ? ", a redirect, which is not followed" : "");
        return TRANSIENT.contains(status) ? new SendResult.Failed(reason, answer.delay()) : new SendResult.Rejected(reason);
    }

    @Override
    public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
    }

    /** An answer as the SDK wants it. */
    private record Response(int status, String message, byte[] body) implements HttpResponse {
        @Override
        public int getStatusCode() {
            return status;
        }

        @Override
        public String getStatusMessage() {
            return message;
        }

        @Override
        public byte[] getResponseBody() {
            return body.clone();
        }
    }
}

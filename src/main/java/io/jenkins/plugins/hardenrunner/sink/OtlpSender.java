package io.jenkins.plugins.hardenrunner.sink;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.engine.sink.Delivery;
import io.jenkins.plugins.hardenrunner.engine.sink.SendResult;
import io.opentelemetry.api.metrics.MeterProvider;
import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.HttpSenderProvider;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * OTLP over HTTP. Records and their encoding are those of the OpenTelemetry SDK; its HTTP sender is replaced by ours, because
 * those that it has do not know the proxy of Jenkins, and queue and retries are ours, because the SDK's are in memory.
 */
final class OtlpSender implements SinkSender {
    private final OtlpTransport transport;
    private final OtlpHttpLogRecordExporter exporter;
    private final String version;

    /**
     * @param endpoint with its path, which by convention is {@code /v1/logs}
     * @param authorization headers that hold a secret; may be empty
     * @param version of this plugin
     */
    OtlpSender(@NonNull SinkHttp http, @NonNull URI endpoint, @NonNull Map<String, String> authorization, @NonNull String version) {
        this.transport = new OtlpTransport(http, endpoint, authorization);
        this.version = version;
        exporter = OtlpHttpLogRecordExporter.builder()
                .setEndpoint(endpoint.toString())
                .setCompression("gzip")
                .setRetryPolicy(null)
                // Not the global one, which may belong to another plugin or to an agent of the JVM.
                .setMeterProvider(MeterProvider.noop())
                .setComponentLoader(new Only(transport))
                .build();
    }

    @NonNull
    @Override
    public SendResult send(@NonNull Delivery delivery) throws InterruptedException {
        CompletableResultCode code = exporter.export(OtlpRecords.of(delivery.messages(), version));
        SendResult result = transport.takeResult();
        if (result != null) {
            return result;
        }
        Throwable failure = code.getFailureThrowable();
        return new SendResult.Rejected("it cannot be encoded" + (failure == null ? "" : ": " + failure.getMessage()));
    }

    @Override
    public void close() {
        exporter.shutdown();
    }

    /** Finds our transport where the SDK looks for one, and nothing else, whatever the class path has. */
    private record Only(OtlpTransport transport) implements ComponentLoader {
        @Override
        public <T> Iterable<T> load(Class<T> type) {
            return type == HttpSenderProvider.class ? List.of(type.cast((HttpSenderProvider) config -> transport.configured(config))) : List.of();
        }
    }
}

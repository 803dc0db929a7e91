package io.jenkins.plugins.hardenrunner.sink;

import com.fasterxml.jackson.databind.JsonNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.engine.report.Severity;
import io.jenkins.plugins.hardenrunner.engine.sink.FlatFields;
import io.jenkins.plugins.hardenrunner.engine.sink.SinkMessage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.LogRecordBuilder;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.logs.LogLimits;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.resources.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Messages as log records of the OpenTelemetry SDK. */
final class OtlpRecords {
    private static final String OURS = "harden_runner.";

    private OtlpRecords() {}

    /** One record a message, in order. @param version of this plugin; may be empty */
    @NonNull
    static List<LogRecordData> of(@NonNull List<SinkMessage> messages, @NonNull String version) {
        List<LogRecordData> records = new ArrayList<>();
        String instance = messages.get(0).source().path("instance").asText();
        // All messages of a controller have one origin, so that one resource is enough.
        Resource resource = Resource.create(Attributes.of(
                AttributeKey.stringKey("service.name"), "harden-runner",
                AttributeKey.stringKey("service.version"), version,
                AttributeKey.stringKey("service.namespace"), "jenkins",
                AttributeKey.stringKey("harden_runner.instance"), instance));
        try (SdkLoggerProvider provider = SdkLoggerProvider.builder().setResource(resource)
                .setLogLimits(() -> LogLimits.builder().setMaxNumberOfAttributes(256).build())
                .addLogRecordProcessor((context, record) -> records.add(record.toLogRecordData())).build()) {
            for (SinkMessage message : messages) {
                emit(provider.loggerBuilder("io.jenkins.plugins.hardenrunner").setInstrumentationVersion(version).build().logRecordBuilder(), message);
            }
        }
        return records;
    }

    private static void emit(LogRecordBuilder record, SinkMessage message) {
        // Not in the context of the thread: its trace, if there is one, has nothing to do with the build.
        record.setContext(Context.root());
        record.setTimestamp(message.time());
        record.setSeverity(severity(message.severity()));
        record.setSeverityText(message.severity().token());
        record.setEventName(OURS + message.kind());
        record.setBody(message.text());
        record.setAttribute(AttributeKey.stringKey(OURS + "id"), message.id());
        JsonNode source = message.source();
        if (source.has("job")) {
            record.setAttribute(AttributeKey.stringKey("cicd.pipeline.name"), source.path("job").asText());
            record.setAttribute(AttributeKey.stringKey("cicd.pipeline.run.id"), source.path("build").asText());
            record.setAttribute(AttributeKey.stringKey("cicd.pipeline.run.url.full"), source.path("url").asText());
            record.setAttribute(AttributeKey.stringKey(OURS + "block"), source.path("block").asText());
        }
        for (Map.Entry<String, JsonNode> field : FlatFields.of(message.data()).entrySet()) {
            attribute(record, OURS + field.getKey(), field.getValue());
        }
        JsonNode nearest = message.data().path("processes").path(0);
        if (nearest.isObject()) {
            record.setAttribute(AttributeKey.longKey("process.pid"), nearest.path("pid").asLong());
            record.setAttribute(AttributeKey.stringKey("process.executable.path"), nearest.path("exe").asText());
            record.setAttribute(AttributeKey.stringArrayKey("process.command_args"), texts(nearest.path("argv")));
        }
        record.emit();
    }

    private static void attribute(LogRecordBuilder record, String name, JsonNode value) {
        if (value.isBoolean()) {
            record.setAttribute(AttributeKey.booleanKey(name), value.asBoolean());
        } else if (value.canConvertToLong() && value.isIntegralNumber()) {
            record.setAttribute(AttributeKey.longKey(name), value.asLong());
        } else if (value.isArray()) {
            record.setAttribute(AttributeKey.stringArrayKey(name), texts(value));
        } else {
            record.setAttribute(AttributeKey.stringKey(name), value.asText());
        }
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(element -> texts.add(element.asText()));
        return texts;
    }

    private static io.opentelemetry.api.logs.Severity severity(Severity severity) {
        return switch (severity) {
            case CRITICAL -> io.opentelemetry.api.logs.Severity.FATAL;
            case HIGH -> io.opentelemetry.api.logs.Severity.ERROR;
            case MEDIUM -> io.opentelemetry.api.logs.Severity.WARN;
            case LOW -> io.opentelemetry.api.logs.Severity.INFO2;
            case INFO -> io.opentelemetry.api.logs.Severity.INFO;
        };
    }
}

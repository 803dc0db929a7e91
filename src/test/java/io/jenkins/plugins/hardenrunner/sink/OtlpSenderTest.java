package io.jenkins.plugins.hardenrunner.sink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.jenkins.plugins.hardenrunner.engine.sink.SendResult;
import io.jenkins.plugins.hardenrunner.engine.sink.SinkMessage;
import io.jenkins.plugins.hardenrunner.engine.sink.SinkQueue;
import io.jenkins.plugins.hardenrunner.engine.sink.Spool;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsPartialSuccess;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okio.Buffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A collector's stand-in reads what was sent with the message classes of the protocol's own project. */
class OtlpSenderTest {
    private MockWebServer collector = new MockWebServer();

    @AfterEach
    void stop() {
        collector.close();
    }

    private OtlpSender sender(Map<String, String> authorization) throws Exception {
        collector.start();
        return new OtlpSender(Sent.http(), collector.url("/v1/logs").uri(), authorization, "1.0");
    }

    private static MockResponse status(int code) {
        return new MockResponse.Builder().code(code).build();
    }

    private static ResourceLogs logs(RecordedRequest request) throws Exception {
        assertThat(request.getHeaders().get("Content-Encoding"), is("gzip"));
        assertThat(request.getHeaders().get("Content-Type"), is("application/x-protobuf"));
        byte[] body = new GZIPInputStream(new ByteArrayInputStream(request.getBody().toByteArray())).readAllBytes();
        ExportLogsServiceRequest export = ExportLogsServiceRequest.parseFrom(body);
        assertThat(export.getResourceLogsList(), hasSize(1));
        return export.getResourceLogs(0);
    }

    private static Map<String, AnyValue> attributes(List<KeyValue> list) {
        Map<String, AnyValue> attributes = new HashMap<>();
        list.forEach(entry -> attributes.put(entry.getKey(), entry.getValue()));
        return attributes;
    }

    @Test
    void aMessageIsALogRecord() throws Exception {
        collector.enqueue(status(200));
        SendResult result = sender(Map.of("Authorization", "Bearer s3cret")).send(Sent.delivery(Sent.message("m1"), Sent.message("m2")));
        assertThat(result, is(new SendResult.Delivered("status 200")));
        RecordedRequest request = collector.takeRequest();
        assertThat(request.getTarget(), is("/v1/logs"));
        assertThat(request.getHeaders().get("Authorization"), is("Bearer s3cret"));
        ResourceLogs logs = logs(request);
        Map<String, AnyValue> resource = attributes(logs.getResource().getAttributesList());
        assertThat(resource.get("service.name").getStringValue(), is("harden-runner"));
        assertThat(resource.get("harden_runner.instance").getStringValue(), is("https://ci.example.com/"));
        List<LogRecord> records = logs.getScopeLogs(0).getLogRecordsList();
        assertThat(records, hasSize(2));
        LogRecord record = records.get(0);
        assertThat(record.getTimeUnixNano(), is(Instant.parse("2026-01-02T03:04:05.678Z").toEpochMilli() * 1_000_000));
        assertThat(record.getSeverityNumber(), is(SeverityNumber.SEVERITY_NUMBER_FATAL));
        assertThat(record.getSeverityText(), is("critical"));
        assertThat(record.getBody().getStringValue(), is("egress-blocked: connect"));
        assertThat(record.getEventName(), is("harden_runner.finding"));
        Map<String, AnyValue> attributes = attributes(record.getAttributesList());
        assertThat(attributes.get("harden_runner.id").getStringValue(), is("m1"));
        assertThat(attributes.get("cicd.pipeline.name").getStringValue(), is("folder/job"));
        assertThat(attributes.get("cicd.pipeline.run.id").getStringValue(), is("7"));
        assertThat(attributes.get("harden_runner.endpoint").getStringValue(), is("attacker.test:443"));
        assertThat(attributes.get("harden_runner.lineages").getIntValue(), is(2L));
        assertThat(attributes.get("harden_runner.flag").getBoolValue(), is(true));
        assertThat(attributes.get("harden_runner.nested.sha256").getStringValue(), is("aa"));
        assertThat(attributes.get("harden_runner.names").getArrayValue().getValuesList(), hasSize(2));
        assertThat(attributes.get("process.pid").getIntValue(), is(42L));
        assertThat(attributes.get("process.command_args").getArrayValue().getValues(1).getStringValue(), is("x.js\n\u2028"));
        assertThat(record.getTraceId().isEmpty(), is(true));
    }

    @Test
    void nothingIsLostWhileTheCollectorIsDown(@TempDir Path folder) throws Exception {
        int port;
        try (MockWebServer before = new MockWebServer()) {
            before.start();
            port = before.getPort();
        }
        OtlpSender sender = new OtlpSender(Sent.http(), URI.create("http://127.0.0.1:" + port + "/v1/logs"), Map.of(), "1.0");
        SinkQueue queue = new SinkQueue(new Spool(folder, 1 << 20, Clock.systemUTC()), Clock.systemUTC(), new Random(1));
        queue.offer(Sent.messages(700), false);
        for (int i = 0; i < 3; i++) {
            queue.attempt(sender, Duration.ofHours(1), "");
            queue.hurry();
        }
        assertThat(queue.progress().failures(), is(3));
        // Another process goes on with what is on the disk.
        queue = new SinkQueue(new Spool(folder, 1 << 20, Clock.systemUTC()), Clock.systemUTC(), new Random(1));
        collector.start(port);
        collector.enqueue(status(503));
        collector.enqueue(status(200));
        collector.enqueue(status(200));
        while (queue.attempt(sender, Duration.ofHours(1), "") != null) {
            queue.hurry();
        }
        assertThat(collector.getRequestCount(), is(3));
        collector.takeRequest();
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            logs(collector.takeRequest()).getScopeLogs(0).getLogRecordsList().forEach(record ->
                    ids.add(attributes(record.getAttributesList()).get("harden_runner.id").getStringValue()));
        }
        assertThat(ids, is(Sent.messages(700).stream().map(SinkMessage::id).toList()));
        assertThat(queue.spool().deadLetters(), empty());
    }

    @Test
    void statusesMeanWhatTheSpecificationSays() throws Exception {
        OtlpSender sender = sender(Map.of());
        for (int code : new int[] {429, 502, 503, 504}) {
            collector.enqueue(new MockResponse.Builder().code(code).setHeader("Retry-After", "7").build());
            assertThat(sender.send(Sent.delivery(Sent.message("m"))),
                    is(new SendResult.Failed("the collector answered with status " + code, Duration.ofSeconds(7))));
        }
        for (int code : new int[] {400, 401, 404, 413, 500}) {
            collector.enqueue(status(code));
            assertThat(sender.send(Sent.delivery(Sent.message("m"))), is(new SendResult.Rejected("the collector answered with status " + code)));
        }
    }

    @Test
    void recordsThatTheCollectorDidNotTakeAreNotDelivered() throws Exception {
        OtlpSender sender = sender(Map.of());
        byte[] partial = ExportLogsServiceResponse.newBuilder().setPartialSuccess(
                ExportLogsPartialSuccess.newBuilder().setRejectedLogRecords(300).setErrorMessage("too old\u001b[2J")).build().toByteArray();
        collector.enqueue(new MockResponse.Builder().code(200).body(new Buffer().write(partial)).build());
        assertThat(sender.send(Sent.delivery(Sent.message("m"))),
                is(new SendResult.Rejected("the collector did not take 300 of the records: too old\\u001b[2J")));
        byte[] warning = ExportLogsServiceResponse.newBuilder().setPartialSuccess(
                ExportLogsPartialSuccess.newBuilder().setErrorMessage("only a warning")).build().toByteArray();
        collector.enqueue(new MockResponse.Builder().code(200).body(new Buffer().write(warning)).build());
        assertThat(sender.send(Sent.delivery(Sent.message("m"))), instanceOf(SendResult.Delivered.class));
    }

    @Test
    void answersThatAreNoProtocolBuffersAreIgnored() {
        for (byte[] answer : List.of("{\"partialSuccess\":{}}".getBytes(), new byte[] {10, 127}, new byte[] {(byte) 0xff}, new byte[0],
                new byte[] {10, 2, 8, (byte) 0x80}, "<html>".getBytes())) {
            assertThat(OtlpAnswer.refused(answer), nullValue());
        }
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        try (MockWebServer elsewhere = new MockWebServer()) {
            elsewhere.start();
            OtlpSender sender = sender(Map.of("Authorization", "Bearer s3cret"));
            collector.enqueue(new MockResponse.Builder().code(307).setHeader("Location", elsewhere.url("/").toString()).build());
            assertThat(((SendResult.Rejected) sender.send(Sent.delivery(Sent.message("m")))).reason(), containsString("redirect"));
            assertThat(elsewhere.getRequestCount(), is(0));
        }
    }
}

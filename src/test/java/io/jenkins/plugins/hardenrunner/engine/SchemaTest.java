package io.jenkins.plugins.hardenrunner.engine;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.not;

import io.jenkins.plugins.hardenrunner.engine.event.EventLog;
import io.jenkins.plugins.hardenrunner.engine.export.RuntimeTrace;
import io.jenkins.plugins.hardenrunner.engine.policy.BlockedEndpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.EgressPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.Endpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.Origin;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyLayer;
import io.jenkins.plugins.hardenrunner.engine.report.LaunchInfo;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.engine.report.ReportBuilder;
import io.jenkins.plugins.hardenrunner.engine.report.ReportJson;
import io.jenkins.plugins.hardenrunner.engine.source.SourceChange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the engine writes and reads is what docs/schema says. */
class SchemaTest {
    private static EventLog everything() {
        return new EventLog().startIn("degraded", "{'protection':'signal-scope','reason':'Landlock ABI 4'}", "sh")
                .process(1, 0, "/bin/sh", "/ws", "sh")
                .npm(2, 1, "/usr/bin/node", "/dep", "evil", "1.0.0", "preinstall", "node", "x.js")
                .dns(2, "attacker.test", "blocked", "default")
                .connect(2, "192.0.2.1", 443, "attacker.test", "blocked", "default")
                .connect(1, "169.254.169.254", 80, null, "blocked", "metadata")
                .write(2, "/ws/index.js", "would-block", "protected")
                .add("net", "'p':1,'pid':101,'op':'connect','proto':'unix','path':'@x','verdict':'allowed','rule':'unix'")
                .add("refused", "'p':1,'pid':101,'what':'io_uring','detail':'io_uring_setup','errno':'ENOSYS'")
                .add("truncated", "'limit':'events'").add("tampered", "'detail':'size differs'").end(1);
    }

    private static String json(Report report) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ReportJson.write(report, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void reportsFitTheirSchema() throws IOException {
        EffectivePolicy policy = EffectivePolicy.resolve(List.of(
                PolicyLayer.builder(Origin.STEP).egressPolicy(EgressPolicy.BLOCK).allow(Endpoint.parse("a.example")).build(),
                PolicyLayer.builder(new Origin(Origin.Kind.GLOBAL, "x")).egressPolicy(EgressPolicy.AUDIT)
                        .block(new BlockedEndpoint(Endpoint.parse("b.example"), "why")).build()));
        ReportBuilder builder = new ReportBuilder(policy).toolVersion("1").redactions(2).coverage("x", "partly", "y");
        builder.readEvents(new LaunchInfo("1", "sh", "Build", "agent", EventLog.NONCE), everything().stream());
        builder.readEvents(new LaunchInfo("2", null, null, null, EventLog.NONCE), EventLog.stream("rubbish\n"));
        builder.sourceChanges(List.of(new SourceChange("/ws/index.js", "blob:a", "blob:b", SourceChange.Kind.MODIFIED, "-a\n+b\n"),
                new SourceChange("/ws/gone", "blob:a", null, SourceChange.Kind.DELETED, null)));
        builder.unsupervised("3", "because");
        assertThat(Schemas.errors("report", json(builder.build())), empty());
        assertThat(Schemas.errors("report", json(new ReportBuilder(policy).build())), empty());
    }

    @Test
    void theReportSchemaRefusesWhatIsNotOne() throws IOException {
        Report report = new ReportBuilder(EffectivePolicy.resolve(List.of())).build();
        report.verdict = "fine";
        assertThat(Schemas.errors("report", json(report)), not(empty()));
    }

    @Test
    void runtimeTracesFitTheirSchema() throws IOException {
        ReportBuilder builder = new ReportBuilder(EffectivePolicy.resolve(List.of())).toolVersion("1");
        builder.readEvents(new LaunchInfo("1", "sh", "Build", "agent", EventLog.NONCE), everything().stream());
        builder.sourceChanges(List.of(new SourceChange("/ws/index.js", "blob:a", "blob:b", SourceChange.Kind.MODIFIED, "-a\n+b\n"),
                new SourceChange("/ws/go ne\u2028%", "blob:a", null, SourceChange.Kind.DELETED, null)));
        String statement = RuntimeTrace.statement(
                builder.build(), List.of(new RuntimeTrace.Subject("a.tar", "0".repeat(64))), "https://ci.example.com/", "job/a/1");
        assertThat(Schemas.errors("runtime-trace", statement), empty());
        assertThat(statement, containsString("file:///ws/index.js"));
        assertThat(Schemas.errors("runtime-trace", statement.replace("\"subject\"", "\"subjects\"")), not(empty()));
        assertThat(Schemas.errors("runtime-trace", statement.replace("\"uri\"", "\"url\"")), not(empty()));
    }

    @Test
    void eventsFitTheirSchema() throws IOException {
        for (String line : everything().lines()) {
            assertThat(line, Schemas.errors("event", line), empty());
        }
        assertThat(Schemas.errors("event", everything().lines().get(3).replace("\"blocked\"", "\"stopped\"")), not(empty()));
        assertThat(Schemas.errors("event", everything().lines().get(0).replace("\"kernel\"", "\"colonel\"")), not(empty()));
        String batch = new EventLog().creates(1, "/ws/", "a", "b").lines().get(0);
        assertThat(Schemas.errors("event", batch), empty());
        assertThat(Schemas.errors("event", batch.replace("\"dir\":\"/ws/\"", "\"dir\":\"/ws\"")), not(empty()));
        assertThat(Schemas.errors("event", batch.replace("\"sets\":[", "\"sets\":[{\"p\":1,\"pid\":2,\"op\":\"write\",\"dir\":\"/\"},")), not(empty()));
    }
}

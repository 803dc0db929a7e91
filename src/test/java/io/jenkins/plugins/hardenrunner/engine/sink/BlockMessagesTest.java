package io.jenkins.plugins.hardenrunner.engine.sink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.hardenrunner.engine.Schemas;
import io.jenkins.plugins.hardenrunner.engine.audit.SealSeries;
import io.jenkins.plugins.hardenrunner.engine.event.EventLog;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BlockMessagesTest {
    private static final SealSeries.Entry SEAL = new SealSeries.Entry(3, 7, "0123456789abcdef", "a".repeat(64), "b".repeat(64));

    private static List<SinkMessage> all(Report report) throws Exception {
        BlockMessages block = new BlockMessages(report, Messages.SOURCE);
        List<SinkMessage> all = new ArrayList<>(block.findings());
        all.addAll(block.endpoints());
        new EventMessages(Messages.SOURCE, "l-1", "agent").read(Messages.log().stream(), all::add);
        all.add(block.summary(SEAL));
        return all;
    }

    @Test
    void everyMessageFitsTheSchemaAndHasItsOwnId() throws Exception {
        Set<String> ids = new HashSet<>();
        for (SinkMessage message : all(Messages.report())) {
            assertThat(message.toJson(), Schemas.errors("sink-message", message.toJson()), empty());
            assertThat(message.id(), ids.add(message.id()));
            assertThat(SinkMessage.parse(message.toJson()).toJson(), is(message.toJson()));
        }
    }

    @Test
    void theSameReportGivesTheSameMessages() throws Exception {
        Report report = Messages.report();
        assertThat(all(report).stream().map(SinkMessage::toJson).toList(), is(all(report).stream().map(SinkMessage::toJson).toList()));
    }

    @Test
    void aFindingNamesWhoDidItAndWhen() throws Exception {
        Report report = Messages.report();
        SinkMessage finding = new BlockMessages(report, Messages.SOURCE).findings().stream()
                .filter(message -> message.data().path("finding").asText().equals("egress-blocked")).findFirst().orElseThrow();
        JsonNode data = finding.data();
        assertThat(data.path("endpoint").asText(), is("attacker.test:443"));
        assertThat(data.path("package").asText(), is("evil"));
        assertThat(data.path("script").asText(), is("preinstall"));
        assertThat(data.path("stage").asText(), is("Build"));
        assertThat(data.path("node").asText(), is("agent"));
        assertThat(data.path("processes").get(0).path("exe").asText(), is("/usr/bin/node"));
        assertThat(finding.time().toString(), is(java.time.Instant.parse(report.endpoints.stream()
                .filter(row -> row.verdict.equals("blocked")).map(row -> row.firstSeen).min(String::compareTo).orElseThrow()).toString()));
        assertThat(finding.source().path("url").asText(), is(Messages.SOURCE.url()));
    }

    @Test
    void theSummaryCountsAndHasTheSeal() throws Exception {
        Report report = Messages.report();
        SinkMessage summary = new BlockMessages(report, Messages.SOURCE).summary(SEAL);
        assertThat(summary.data().path("verdict").asText(), is("violated"));
        long counted = 0;
        for (JsonNode number : summary.data().path("findings")) {
            counted += number.asLong();
        }
        assertThat(counted, is((long) report.findings.size()));
        assertThat(summary.data().at("/seal/sha256").asText(), is("a".repeat(64)));
        assertThat(new BlockMessages(report, Messages.SOURCE).summary(null).data().has("seal"), is(false));
    }

    @Test
    void longTextIsCut() throws Exception {
        Report report = Messages.report();
        report.findings.get(0).explanation = "x".repeat(100_000);
        report.lineages.forEach(lineage -> lineage.processes.forEach(process ->
                process.argv = java.util.Collections.nCopies(10_000, "y".repeat(10_000))));
        for (SinkMessage message : new BlockMessages(report, Messages.SOURCE).findings()) {
            assertThat(message.toJson().length(), lessThan(200_000));
            assertThat(message.toJson(), Schemas.errors("sink-message", message.toJson()), empty());
        }
    }

    @Test
    void eventsAreSentAsTheyWereRecorded() throws Exception {
        List<SinkMessage> messages = new ArrayList<>();
        EventLog log = Messages.log();
        String text = new String(log.stream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(new EventMessages(Messages.SOURCE, "l-1", "agent").read(log.stream(), messages::add), is(0L));
        List<String> lines = text.lines().toList();
        assertThat(messages, hasSize(lines.size()));
        for (int i = 0; i < lines.size(); i++) {
            assertThat(messages.get(i).data().get("event"), is(SinkMessage.tree(lines.get(i).getBytes(StandardCharsets.UTF_8), lines.get(i).getBytes(StandardCharsets.UTF_8).length)));
        }
    }

    @Test
    void gatheredOperationsAreEventsOfTheirOwn() throws Exception {
        List<SinkMessage> messages = new ArrayList<>();
        EventLog log = new EventLog().startIn("enforced", "", "sh").creates(1, "/ws/", "a", "b");
        assertThat(new EventMessages(Messages.SOURCE, "l-1", "agent").read(log.stream(), messages::add), is(0L));
        assertThat(messages.stream().map(SinkMessage::id).toList(), contains("0123456789abcdef/event/l-1/1", "0123456789abcdef/event/l-1/2",
                "0123456789abcdef/event/l-1/3"));
        assertThat(messages.get(2).text(), is("file write /ws/b allowed"));
        for (SinkMessage message : messages) {
            assertThat(message.toJson(), Schemas.errors("sink-message", message.toJson()), empty());
            assertThat(Schemas.errors("event", message.data().get("event").toString()), empty());
        }
        String late = log.text().replaceFirst("\"t\":[0-9]+(,\"m\":[0-9]+,\"k\":\"files\")", "\"t\":9223372036854775000$1");
        assertThat(new EventMessages(Messages.SOURCE, "l-1", "agent").read(EventLog.stream(late), messages::add), is(1L));
        assertThat(new EventMessages(Messages.SOURCE, "l-1", "agent").read(EventLog.stream(log.text().replace("\"n\":2", "\"n\":3")), messages::add), is(1L));
    }

    @Test
    void whatIsNoEventIsLeftOutAndCounted() throws Exception {
        List<SinkMessage> messages = new ArrayList<>();
        String lines = "rubbish\n{\"seq\":1,\"t\":1,\"k\":\"exit\",\"status\":0}\n{\"seq\":2,\"t\":9e99,\"k\":\"exit\"}\n[]\n{\"k\":\"x\"}\n"
                + "{\"seq\":3,\"t\":9223372036854775807,\"k\":\"exit\"}\n" + "z".repeat(40_000) + "\n{\"seq\":4";
        long left = new EventMessages(Messages.SOURCE, "l-1", "").read(
                new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)), messages::add);
        assertThat(messages, hasSize(1));
        assertThat(left, is(7L));
    }
}

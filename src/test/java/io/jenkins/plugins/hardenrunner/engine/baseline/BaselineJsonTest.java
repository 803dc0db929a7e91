package io.jenkins.plugins.hardenrunner.engine.baseline;

import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.SETTINGS;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.build;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.complete;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.did;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.of;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.review;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.seen;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.hardenrunner.engine.Schemas;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaselineJsonTest {
    /** Everything that a document can hold. */
    private static Baseline everything() {
        BlockBaseline block = complete(seen("a.test", "npm"), seen(Subject.file("lock.json"), "npm"));
        block = Learning.record(block, did(seen("b.test", "npm"), seen("c.test", "npm"), seen("a.test", "curl"),
                seen("d.test", "npm")), SETTINGS, build(4));
        Baseline baseline = review("alice").accept(of(block), "default", Subject.endpoint("tcp", "b.test", 443), List.of(), null,
                Observations.NOW.plusSeconds(60));
        return review("bob").unwanted(baseline, "default", Subject.endpoint("tcp", "c.test", 443));
    }

    private static String json(Object document) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BaselineJson.write(document, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void documentsReadBackToThemselves() throws IOException {
        Baseline baseline = everything();
        String text = json(baseline);
        assertThat(BaselineJson.importDocument(text), is(baseline));
        assertThat(BaselineJson.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))), is(baseline));
        assertThat(Schemas.errors("baseline", text), empty());
    }

    @Test
    void trendsAndSummariesReadBackToThemselves() throws IOException {
        TrendPoint point = TrendPoint.of(3, Observations.NOW, "SUCCESS",
                List.of(new TrendPoint.Counts("0123456789abcdef", "default", "ok", "degraded", 1, 2, 0, 0, 0, 1, 0)));
        Trend trend = Trend.EMPTY.with(point);
        assertThat(BaselineJson.read(new ByteArrayInputStream(json(trend).getBytes(StandardCharsets.UTF_8)), Trend.class), is(trend));
        assertThat(json(trend), containsString("\"new\":0"));
        JobSummary summary = new JobSummary(point, BaselineState.STABLE, 2, false,
                List.of(new JobSummary.Node("agent", "degraded", List.of(new JobSummary.Missing("signal-scope", "Landlock ABI 4")))));
        assertThat(BaselineJson.read(new ByteArrayInputStream(json(summary).getBytes(StandardCharsets.UTF_8)), JobSummary.class), is(summary));
    }

    @Test
    void importsNameTheirMistakes() throws IOException {
        String good = json(everything());
        refused(good.replace("\"port\":443", "\"port\":70000"), "port");
        refused(good.replace("\"schema\":1", "\"schema\":2"), "schema 2");
        refused(good.replace("harden-runner-baseline", "other"), "not a baseline");
        refused(good.replace("\"builds\":3", "\"builds\":3,\"extra\":1"), "extra");
        refused(good.replace("\"count\":3", "\"count\":\"many\""), "blocks[0].entries[1].count");
        refused(good.replace("\"kind\":\"file\"", "\"kind\":\"program\""), "blocks[0]");
        refused(good.replace(Observations.EARLIER, "yesterday"), "no time");
        refused(good + "{}", "");
    }

    private static void refused(String document, String place) {
        IOException problem = assertThrows(IOException.class, () -> BaselineJson.importDocument(document));
        assertThat(problem.getMessage(), containsString(place));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{", "{\"format\":\"harden-runner-baseline\"}", "\u0000", "{\"format\":\"harden-runner-baseline\","
            + "\"schema\":1,\"blocks\":[null]}", "{\"format\":\"harden-runner-baseline\",\"schema\":1,\"blocks\":[{\"name\":null}]}",
            "{\"format\":\"harden-runner-baseline\",\"schema\":1,\"schema\":1}"})
    void rubbishIsRefused(String document) {
        assertThrows(IOException.class, () -> BaselineJson.importDocument(document));
    }

    @Test
    void deepAndHugeDocumentsAreRefused() {
        String head = "{\"format\":\"harden-runner-baseline\",\"schema\":1,\"blocks\":";
        assertThrows(IOException.class, () -> BaselineJson.importDocument(head + "[".repeat(100_000)));
        assertThrows(IOException.class, () -> BaselineJson.importDocument(head + "[{\"name\":\"" + "a".repeat(100_000) + "\"}]}"));
        StringBuilder flood = new StringBuilder(head).append("[{\"name\":\"x\",\"builds\":1,\"seen\":1,\"entries\":[");
        for (int i = 0; i <= Limits.ENTRIES; i++) {
            flood.append(i == 0 ? "" : ",").append("{\"kind\":\"endpoint\",\"protocol\":\"tcp\",\"host\":\"h").append(i)
                    .append(".test\",\"port\":443,\"firstSeen\":\"").append(Observations.EARLIER).append("\",\"lastSeen\":\"")
                    .append(Observations.EARLIER).append("\",\"count\":1}");
        }
        IOException problem = assertThrows(IOException.class, () -> BaselineJson.importDocument(flood + "]}]}"));
        assertThat(problem.getMessage(), containsString("2001 endpoints are more than 2000"));
    }

    @Test
    void fieldsOfALaterVersionDoNotMakeOurOwnFileUnreadable() throws IOException {
        String later = json(everything()).replace("\"builds\":3", "\"builds\":3,\"later\":1");
        assertThat(BaselineJson.read(new ByteArrayInputStream(later.getBytes(StandardCharsets.UTF_8))).blocks().size(), is(1));
    }
}

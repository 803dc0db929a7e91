package io.jenkins.plugins.hardenrunner.engine.baseline;

import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.NOW;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.SETTINGS;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.alarming;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.build;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.compare;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.complete;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.did;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.labels;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.of;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.refused;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.seen;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LearningTest {
    @Test
    void asManyBuildsAsConfiguredMakeItStable() {
        BlockBaseline baseline = BlockBaseline.empty("default");
        for (int n = 1; n <= 3; n++) {
            assertThat(baseline.state(SETTINGS), is(BaselineState.CREATING));
            baseline = Learning.record(baseline, did(seen("a.test", "npm")), SETTINGS, build(n));
        }
        assertThat(baseline.state(SETTINGS), is(BaselineState.STABLE));
        assertThat(baseline.deviations(), empty());
        BaselineEntry entry = baseline.entries().get(0);
        assertThat(List.of(entry.count(), entry.firstBuild(), entry.lastBuild()), is(List.of(3L, 1, 3)));
        assertThat(entry.programs(), contains("npm"));
    }

    @Test
    void nothingIsLearnedSilentlyOnceComplete() {
        BlockBaseline baseline = complete(seen("a.test", "npm"));
        for (int n = 4; n < 20; n++) {
            baseline = Learning.record(baseline, did(seen("a.test", "npm", "curl"), seen("b.test", "npm")), SETTINGS, build(n));
        }
        assertThat(baseline.entries(), hasSize(1));
        assertThat(baseline.entries().get(0).programs(), contains("npm"));
        assertThat(baseline.deviations().stream().map(Deviation::label).toList(), contains("a.test:443 by curl", "b.test:443"));
        assertThat(baseline.deviations().get(1).builds(), is(16L));
        assertThat(List.of(baseline.deviations().get(1).firstBuild(), baseline.deviations().get(1).lastBuild()), is(List.of(4, 19)));
    }

    @Test
    void onlyTrustedSuccessfulWholeAndSupervisedBuildsTeach() {
        BlockBaseline empty = BlockBaseline.empty("default");
        Observation good = did(seen("a.test", "npm"));
        List<BlockBaseline> untaught = List.of(
                Learning.record(empty, good, SETTINGS, new Learning.Build(1, NOW, false)),
                Learning.record(empty, new Observation(false, true, good.seen()), SETTINGS, build(1)),
                Learning.record(empty, new Observation(true, false, good.seen()), SETTINGS, build(1)));
        for (BlockBaseline baseline : untaught) {
            assertThat(baseline.builds(), is(0));
            assertThat(baseline.entries(), empty());
            assertThat(baseline.seen(), is(1L));
        }
    }

    @Test
    void whatWasRefusedOrIsSuspectWaitsForAPersonFromTheFirstBuildOn() {
        BlockBaseline baseline = Learning.record(BlockBaseline.empty("default"), did(
                refused("refused.test", "npm"),
                alarming("evil.test", List.of("node (evil preinstall)"), "node (evil preinstall)"),
                alarming("registry.test", List.of("npm", "node (evil preinstall)"), "node (evil preinstall)"),
                new Observation.Seen(Subject.file("index.js"), List.of(), List.of(), false, true, Observations.EARLIER, Observations.EARLIER)),
                SETTINGS, build(1));
        assertThat(baseline.entries().stream().map(entry -> entry.subject().label() + " " + entry.programs()).toList(),
                contains("registry.test:443 [npm]"));
        assertThat(baseline.deviations().stream().map(Deviation::label).toList(),
                contains("refused.test:443", "evil.test:443", "registry.test:443 by node (evil preinstall)", "index.js"));
    }

    @Test
    void limitsLeaveTheSurplusADeviation() {
        List<Observation.Seen> flood = new ArrayList<>();
        for (int i = 0; i < Limits.ENTRIES + 700; i++) {
            flood.add(seen("h" + i + ".test", "npm"));
        }
        Observation observation = new Observation(true, true, flood);
        BlockBaseline baseline = BlockBaseline.empty("default");
        for (int n = 1; n <= 3; n++) {
            baseline = Learning.record(baseline, observation, SETTINGS, build(n));
        }
        assertThat(baseline.entries(), hasSize(Limits.ENTRIES));
        assertThat(BaselineComparison.of(baseline, observation, SETTINGS, NOW).deviations(), hasSize(700));
        baseline = Learning.record(baseline, observation, SETTINGS, build(4));
        assertThat(baseline.deviations(), hasSize(Limits.DEVIATIONS));
    }

    @Test
    void aFloodDoesNotPushOutDeviationsThatWaitAlready() {
        BlockBaseline baseline = Learning.record(complete(), did(seen("z.test", "npm")), SETTINGS, build(4));
        List<Observation.Seen> flood = new ArrayList<>();
        for (int i = 0; i < 2 * Limits.DEVIATIONS; i++) {
            flood.add(seen("a" + i + ".test", "npm"));
        }
        baseline = Learning.record(baseline, new Observation(true, true, flood), SETTINGS, build(5));
        assertThat(baseline.deviations().stream().filter(d -> d.label().equals("z.test:443")).findFirst().orElse(null), notNullValue());
    }

    @Test
    void blocksOfABuildAreRecordedByNameAndCompletionIsInTheChangelog() {
        Baseline baseline = Baseline.EMPTY;
        for (int n = 1; n <= 3; n++) {
            Map<String, Observation> blocks = new LinkedHashMap<>();
            blocks.put("test", did(seen("a.test", "npm")).merge(did(seen("b.test", "curl"))));
            blocks.put("deploy", did(seen("c.test", "ssh")));
            baseline = baseline.record(blocks, SETTINGS, build(n));
        }
        assertThat(baseline.blocks().stream().map(BlockBaseline::name).toList(), contains("test", "deploy"));
        assertThat(baseline.block("test").builds(), is(3));
        assertThat(baseline.block("test").entries(), hasSize(2));
        assertThat(baseline.changelog().stream().map(change -> change.action().token() + " " + change.block()).toList(),
                contains("learned test", "learned deploy"));
        assertThat(baseline.revision(), is(3L));
        assertThat(baseline.state(SETTINGS), is(BaselineState.STABLE));
        assertThat(Baseline.EMPTY.state(SETTINGS), is(BaselineState.NONE));
    }

    @Test
    void comparisonTellsNewKnownAndGone() {
        BlockBaseline baseline = complete(seen("a.test", "npm"), seen("b.test", "npm"));
        BaselineComparison comparison = compare(baseline, seen("a.test", "npm"), seen("c.test", "npm"));
        assertThat(comparison.status().get(Subject.endpoint("tcp", "a.test", 443)), is(BaselineComparison.Status.KNOWN));
        assertThat(comparison.status().get(Subject.endpoint("tcp", "c.test", 443)), is(BaselineComparison.Status.NEW));
        assertThat(comparison.gone().stream().map(entry -> entry.subject().label()).toList(), contains("b.test:443"));
        assertThat(labels(compare(baseline, seen(Subject.endpoint("udp", "a.test", 443), "npm"))), contains("udp://a.test:443"));
        assertThat(labels(compare(baseline, seen(Subject.endpoint("tcp", "a.test", 80), "npm"))), contains("a.test:80"));
        assertThat(of(baseline).deviations(), is(0));
    }
}

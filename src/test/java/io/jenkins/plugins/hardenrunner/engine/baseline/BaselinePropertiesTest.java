package io.jenkins.plugins.hardenrunner.engine.baseline;

import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.EARLIER;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.NOW;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.SETTINGS;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.build;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;

class BaselinePropertiesTest {
    private static BlockBaseline taught(List<Observation> builds) {
        BlockBaseline baseline = BlockBaseline.empty("default");
        int n = 0;
        for (Observation observation : builds) {
            baseline = Learning.record(baseline, observation, SETTINGS, build(++n));
        }
        return baseline;
    }

    @Property
    void eachSubjectHasOneStatusAndANewOneIsADeviation(@ForAll("builds") List<Observation> builds, @ForAll("builds") List<Observation> next) {
        BlockBaseline baseline = taught(builds);
        for (Observation observation : next) {
            BaselineComparison comparison = BaselineComparison.of(baseline, observation, SETTINGS, NOW);
            assertEquals(observation.seen().stream().map(Observation.Seen::subject).collect(Collectors.toSet()), comparison.status().keySet());
            Set<Subject> deviating = comparison.deviations().stream().map(Deviation::subject).collect(Collectors.toSet());
            comparison.status().forEach((subject, status) ->
                    assertEquals(status == BaselineComparison.Status.NEW, deviating.contains(subject), subject.label()));
            comparison.gone().forEach(entry -> assertTrue(!comparison.status().containsKey(entry.subject())));
        }
    }

    @Property
    void comparingDoesNotDependOnTheOrder(@ForAll("builds") List<Observation> builds, @ForAll("observation") Observation next, @ForAll Random random) {
        BlockBaseline baseline = taught(builds);
        List<Observation.Seen> shuffled = new ArrayList<>(next.seen());
        Collections.shuffle(shuffled, random);
        BaselineComparison a = BaselineComparison.of(baseline, next, SETTINGS, NOW);
        BaselineComparison b = BaselineComparison.of(baseline, new Observation(true, true, shuffled), SETTINGS, NOW);
        assertEquals(a.status(), b.status());
        assertEquals(new HashSet<>(a.deviations()), new HashSet<>(b.deviations()));
        assertEquals(a.gone(), b.gone());
    }

    @Property
    void onceCompleteNoBuildChangesWhatIsNormal(@ForAll("builds") List<Observation> builds, @ForAll("builds") List<Observation> later) {
        BlockBaseline complete = taught(builds);
        BlockBaseline after = complete;
        int n = 100;
        for (Observation observation : later) {
            BaselineState state = after.state(SETTINGS);
            List<String> before = normal(after);
            after = Learning.record(after, observation, SETTINGS, build(n++));
            if (state != BaselineState.CREATING) {
                assertEquals(before, normal(after));
            }
        }
    }

    private static List<String> normal(BlockBaseline baseline) {
        return baseline.entries().stream().map(entry -> entry.subject().label() + entry.programs() + entry.accepted()).toList();
    }

    @Property
    void untrustedBuildsNeverTeach(@ForAll("builds") List<Observation> builds, @ForAll("builds") List<Observation> later) {
        BlockBaseline baseline = taught(builds);
        BlockBaseline after = baseline;
        for (Observation observation : later) {
            after = Learning.record(after, observation, SETTINGS, new Learning.Build(50, NOW, false));
        }
        assertEquals(normal(baseline), normal(after));
        assertEquals(baseline.builds(), after.builds());
    }

    @Property
    void whatIsRefusedOrAlarmingIsNeverLearned(@ForAll("builds") List<Observation> builds) {
        BlockBaseline baseline = taught(builds);
        Set<Subject> happened = new HashSet<>();
        Set<String> harmless = new HashSet<>();
        for (Observation observation : builds) {
            for (Observation.Seen seen : observation.seen()) {
                if (!seen.refused() && !seen.suspect()) {
                    happened.add(seen.subject());
                    seen.harmless().forEach(program -> harmless.add(seen.subject() + program));
                }
            }
        }
        for (BaselineEntry entry : baseline.entries()) {
            assertTrue(happened.contains(entry.subject()));
            entry.programs().forEach(program -> assertTrue(harmless.contains(entry.subject() + program)));
        }
    }

    // Not shrunk: the shrinker mixes up lists in lists, and its ClassCastException would hide what was found.
    @Property(shrinking = ShrinkingMode.OFF)
    void acceptingAllDeviationsMakesTheSameBuildClean(@ForAll("builds") List<Observation> builds, @ForAll("observation") Observation next) {
        Baseline baseline = Observations.of(Learning.record(taught(builds), next, SETTINGS, build(9)));
        for (Deviation deviation : baseline.block("default").deviations()) {
            baseline = Observations.review("alice").accept(baseline, "default", deviation.subject(), List.of(), null, null);
        }
        assertTrue(baseline.block("default").deviations().isEmpty());
        List<Deviation> left = BaselineComparison.of(baseline.block("default"), next, SETTINGS, NOW).deviations();
        assertTrue(left.isEmpty(), () -> "left: " + left);
    }

    @Property
    void documentsReadBackToThemselves(@ForAll("builds") List<Observation> builds) throws IOException {
        Baseline baseline = Observations.of(taught(builds));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BaselineJson.write(baseline, out);
        assertEquals(baseline, BaselineJson.read(new ByteArrayInputStream(out.toByteArray())));
        assertEquals(baseline, BaselineJson.importDocument(out.toString(java.nio.charset.StandardCharsets.UTF_8)));
    }

    @Property
    void differentSubjectsHaveDifferentIds(@ForAll("subject") Subject a, @ForAll("subject") Subject b) {
        assertEquals(a.equals(b), a.id().equals(b.id()));
    }

    @Provide
    static Arbitrary<Subject> subject() {
        Arbitrary<Subject> endpoint = Combinators.combine(Arbitraries.of("tcp", "udp", "dns"),
                        Arbitraries.oneOf(Arbitraries.of("a.test", "b.test", "x.a.test", "192.0.2.1", "2001:db8::1"), Arbitraries.strings().ofMaxLength(5)),
                        Arbitraries.of(53, 80, 443))
                .as(Subject::endpoint);
        return Arbitraries.oneOf(endpoint, Arbitraries.strings().ofMaxLength(6).map(Subject::file));
    }

    @Provide
    static Arbitrary<Observation> observation() {
        Arbitrary<List<String>> programs = Arbitraries.of("npm", "curl", "node (evil preinstall)", "?").list().uniqueElements().ofMaxSize(3);
        Arbitrary<Observation.Seen> seen = Combinators.combine(subject(), programs, Arbitraries.integers().between(0, 3),
                        Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(4, Arbitraries.just(false)), net.jqwik.api.Tuple.of(1, Arbitraries.just(true))),
                        Arbitraries.frequencyOf(net.jqwik.api.Tuple.of(9, Arbitraries.just(false)), net.jqwik.api.Tuple.of(1, Arbitraries.just(true))))
                .as((subject, by, bad, refused, suspect) -> new Observation.Seen(
                        subject, by, by.subList(0, Math.min(bad == 0 ? 1 : 0, by.size())), refused, suspect, EARLIER, EARLIER));
        return seen.list().ofMaxSize(8).map(list -> new Observation(true, true, list));
    }

    @Provide
    static Arbitrary<List<Observation>> builds() {
        return observation().list().ofMaxSize(6);
    }
}

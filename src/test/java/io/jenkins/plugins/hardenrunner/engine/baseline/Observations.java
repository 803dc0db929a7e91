package io.jenkins.plugins.hardenrunner.engine.baseline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Short forms for tests. */
final class Observations {
    static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
    static final String EARLIER = "2026-11-23T11:00:00.000Z";
    static final BaselineSettings SETTINGS = new BaselineSettings(3, 4);

    private Observations() {}

    static Observation.Seen seen(String host, String... programs) {
        return seen(Subject.endpoint("tcp", host, 443), programs);
    }

    static Observation.Seen seen(Subject subject, String... programs) {
        return new Observation.Seen(subject, List.of(programs), List.of(), false, false, EARLIER, EARLIER);
    }

    static Observation.Seen refused(String host, String... programs) {
        return new Observation.Seen(Subject.endpoint("tcp", host, 443), List.of(programs), List.of(), true, false, EARLIER, EARLIER);
    }

    static Observation.Seen alarming(String host, List<String> programs, String... alarming) {
        return new Observation.Seen(Subject.endpoint("tcp", host, 443), programs, List.of(alarming), false, false, EARLIER, EARLIER);
    }

    static Observation did(Observation.Seen... seen) {
        return new Observation(true, true, List.of(seen));
    }

    static Learning.Build build(int number) {
        return new Learning.Build(number, NOW, true);
    }

    /** A baseline that as many builds as it takes have taught. */
    static BlockBaseline complete(Observation.Seen... seen) {
        BlockBaseline baseline = BlockBaseline.empty("default");
        for (int n = 1; n <= SETTINGS.required(); n++) {
            baseline = Learning.record(baseline, did(seen), SETTINGS, build(n));
        }
        return baseline;
    }

    static BaselineComparison compare(BlockBaseline baseline, Observation.Seen... seen) {
        return BaselineComparison.of(baseline, did(seen), SETTINGS, NOW);
    }

    static List<String> labels(BaselineComparison comparison) {
        List<String> labels = new ArrayList<>();
        comparison.deviations().forEach(deviation -> labels.add(deviation.label()));
        return labels;
    }

    static Review review(String user) {
        return new Review(SETTINGS, user, NOW, "because", 9);
    }

    static Baseline of(BlockBaseline block) {
        return new Baseline(1, List.of(block), List.of());
    }
}

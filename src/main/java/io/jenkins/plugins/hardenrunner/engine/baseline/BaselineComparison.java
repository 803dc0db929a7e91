package io.jenkins.plugins.hardenrunner.engine.baseline;

import com.fasterxml.jackson.annotation.JsonValue;
import io.jenkins.plugins.hardenrunner.engine.policy.Token;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a block did beside what is normal for it: a pure function of the two.
 *
 * @param status of each endpoint and file that was seen
 * @param deviations each with {@code builds} 1, as if seen for the first time
 * @param gone what the baseline has and the block did not do
 */
public record BaselineComparison(
        BaselineState state, Map<Subject, Status> status, List<Deviation> deviations, List<BaselineEntry> gone) {

    /** What a baseline says about a subject. */
    public enum Status implements Token {
        /** Not in a complete baseline. */
        NEW,
        /** Not in a baseline that is still being created. */
        LEARNING,
        /** Learned. */
        KNOWN,
        /** A person stands for it. */
        ACCEPTED,
        /** A person has put it on the job's block list. */
        UNWANTED;

        @Override
        @JsonValue
        public String token() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Compares. */
    public static BaselineComparison of(BlockBaseline baseline, Observation observed, BaselineSettings settings, Instant now) {
        return new Comparer(baseline, settings, now).compare(observed);
    }

    /** How often a status occurs. */
    public long count(Status wanted) {
        return status.values().stream().filter(wanted::equals).count();
    }

    private static final class Comparer {
        private final BlockBaseline baseline;
        private final BaselineState state;
        private final Instant now;
        private final Map<Subject, BaselineEntry> exact = new HashMap<>();
        private final List<BaselineEntry> patterns = new ArrayList<>();
        private final Set<Subject> unwanted;
        private final Map<Subject, Status> status = new LinkedHashMap<>();
        private final List<Deviation> deviations = new ArrayList<>();
        private final Set<BaselineEntry> met = new HashSet<>();

        Comparer(BlockBaseline baseline, BaselineSettings settings, Instant now) {
            this.baseline = baseline;
            this.state = baseline.state(settings);
            this.now = now;
            this.unwanted = baseline.unwanted().stream().map(UnwantedEndpoint::subject).collect(Collectors.toSet());
            for (BaselineEntry entry : baseline.entries()) {
                exact.put(entry.subject(), entry);
                if (entry.isPattern()) {
                    patterns.add(entry);
                }
            }
        }

        BaselineComparison compare(Observation observed) {
            observed.seen().forEach(this::one);
            List<BaselineEntry> gone = baseline.entries().stream().filter(entry -> !met.contains(entry)).toList();
            return new BaselineComparison(state, Map.copyOf(status), List.copyOf(deviations), gone);
        }

        private void one(Observation.Seen seen) {
            if (unwanted.contains(seen.subject())) {
                // It was reviewed. That it was tried again is a violation, and stands among those.
                status.put(seen.subject(), Status.UNWANTED);
                return;
            }
            List<BaselineEntry> entries = entries(seen.subject());
            List<BaselineEntry> holding = entries.stream().filter(entry -> !entry.expired(now)).toList();
            met.addAll(entries);
            if (holding.isEmpty()) {
                Deviation.Expired expired = entries.isEmpty()
                        ? null
                        : new Deviation.Expired(entries.get(0).accepted().by(), entries.get(0).accepted().until());
                unknown(seen, expired);
                return;
            }
            boolean accepted = holding.stream().anyMatch(entry -> entry.accepted() != null);
            status.put(seen.subject(), accepted ? Status.ACCEPTED : Status.KNOWN);
            for (String program : seen.programs()) {
                boolean normal = holding.stream().anyMatch(entry -> entry.usedBy(program));
                // While the baseline is created only what it may never learn by itself waits for a person.
                if (!normal && (state != BaselineState.CREATING || !seen.learnable() || seen.alarming().contains(program))) {
                    deviate(seen.subject().by(program), seen, List.of(program), null);
                }
            }
        }

        private void unknown(Observation.Seen seen, Deviation.Expired expired) {
            if (state == BaselineState.CREATING && seen.learnable() && expired == null) {
                status.put(seen.subject(), Status.LEARNING);
                for (String program : seen.alarming()) {
                    deviate(seen.subject().by(program), seen, List.of(program), null);
                }
            } else {
                status.put(seen.subject(), Status.NEW);
                deviate(seen.subject(), seen, seen.programs(), expired);
            }
        }

        private void deviate(Subject subject, Observation.Seen seen, List<String> programs, Deviation.Expired expired) {
            deviations.add(new Deviation(subject, programs, seen.first(), null, seen.last(), null, 1, expired));
        }

        private List<BaselineEntry> entries(Subject subject) {
            List<BaselineEntry> found = new ArrayList<>();
            if (exact.containsKey(subject)) {
                found.add(exact.get(subject));
            }
            patterns.stream().filter(entry -> entry.covers(subject)).forEach(found::add);
            return found;
        }
    }
}

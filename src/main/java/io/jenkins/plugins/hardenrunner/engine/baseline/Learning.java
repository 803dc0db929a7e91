package io.jenkins.plugins.hardenrunner.engine.baseline;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a build of the baseline's own branch leaves in it: a pure function. */
public final class Learning {
    /**
     * The build that is recorded.
     *
     * @param number its number
     * @param time when it ended
     * @param teaches whether it may add to a baseline that is being created: it succeeded, its branch is trusted
     */
    public record Build(int number, Instant time, boolean teaches) {}

    private final BlockBaseline before;
    private final BaselineSettings settings;
    private final Build build;
    private final Map<Subject, BaselineEntry> entries = new LinkedHashMap<>();
    private final List<Subject> patterns = new ArrayList<>();
    private final Set<Subject> unwanted = new HashSet<>();
    private int endpoints;
    private int files;

    private Learning(BlockBaseline before, BaselineSettings settings, Build build) {
        this.before = before;
        this.settings = settings;
        this.build = build;
        before.entries().forEach(this::add);
        before.unwanted().forEach(entry -> unwanted.add(entry.subject()));
    }

    private void add(BaselineEntry entry) {
        entries.put(entry.subject(), entry);
        if (entry.subject().path() != null) {
            files++;
        } else {
            endpoints++;
        }
        if (entry.isPattern()) {
            patterns.add(entry.subject());
        }
    }

    /** Whether a build with these observations adds to the baseline. */
    public static boolean teaches(BlockBaseline baseline, Observation observed, BaselineSettings settings, boolean trusted) {
        return trusted && observed.supervised() && observed.intact() && baseline.state(settings) == BaselineState.CREATING;
    }

    /** The baseline after the build. */
    public static BlockBaseline record(BlockBaseline before, Observation observed, BaselineSettings settings, Build build) {
        return new Learning(before, settings, build).record(observed);
    }

    private BlockBaseline record(Observation observed) {
        BaselineComparison compared = BaselineComparison.of(before, observed, settings, build.time());
        boolean teaches = teaches(before, observed, settings, build.teaches());
        for (Observation.Seen seen : observed.seen()) {
            entries.computeIfPresent(seen.subject(), (subject, entry) -> entry.seen(seen.last(), build.number()));
            for (Subject pattern : patterns) {
                entries.computeIfPresent(pattern, (subject, entry) ->
                        entry.covers(seen.subject()) ? entry.seen(seen.last(), build.number()) : entry);
            }
            if (teaches && seen.learnable()) {
                learn(seen);
            }
        }
        BlockBaseline after = before.with(entries.values(), waiting(compared));
        return after.counted(teaches);
    }

    private void learn(Observation.Seen seen) {
        BaselineEntry entry = entries.get(seen.subject());
        if (entry != null && !entry.expired(build.time())) {
            entries.put(seen.subject(), entry.with(seen.harmless()));
            return;
        }
        boolean covered = patterns.stream().anyMatch(pattern -> entries.get(pattern).covers(seen.subject()));
        int taken = seen.subject().path() != null ? files : endpoints;
        if (entry == null && !covered && !unwanted.contains(seen.subject()) && taken < Limits.ENTRIES) {
            add(new BaselineEntry(seen.subject(), BaselineEntry.joined(List.of(), seen.harmless()),
                    seen.first(), build.number(), seen.last(), build.number(), 1, null));
        }
    }

    /** What waits for a review: what waited before and still deviates, and what this build added. */
    private List<Deviation> waiting(BaselineComparison compared) {
        Map<Subject, Deviation> waiting = new LinkedHashMap<>();
        before.deviations().forEach(deviation -> waiting.put(deviation.subject(), deviation));
        for (Deviation found : compared.deviations()) {
            Deviation numbered = new Deviation(found.subject(), found.programs(), found.firstSeen(), build.number(),
                    found.lastSeen(), build.number(), 1, found.expired());
            waiting.merge(found.subject(), numbered, (old, fresh) -> fresh.after(old));
        }
        List<Deviation> all = new ArrayList<>(waiting.values());
        if (all.size() > Limits.DEVIATIONS) {
            // A build that floods the list must not push out what people have not yet looked at.
            all.sort(Comparator.comparingInt(deviation -> deviation.firstBuild() == null ? 0 : deviation.firstBuild()));
            return all.subList(0, Limits.DEVIATIONS);
        }
        return all;
    }
}

package io.jenkins.plugins.hardenrunner.engine.baseline;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What is normal for one block of a job. Immutable.
 *
 * @param builds how many builds have taught it; it is complete when they are as many as the settings require
 * @param seen how many builds were compared with it
 * @param changed the value of {@code seen} at the last review after it was complete; null for never
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BlockBaseline(
        String name,
        int builds,
        long seen,
        Long changed,
        List<BaselineEntry> entries,
        List<Deviation> deviations,
        List<UnwantedEndpoint> unwanted) {

    @JsonCreator
    public BlockBaseline(
            @JsonProperty("name") String name,
            @JsonProperty("builds") int builds,
            @JsonProperty("seen") long seen,
            @JsonProperty("changed") Long changed,
            @JsonProperty("entries") List<BaselineEntry> entries,
            @JsonProperty("deviations") List<Deviation> deviations,
            @JsonProperty("unwanted") List<UnwantedEndpoint> unwanted) {
        if (name == null || name.isBlank() || name.length() > Limits.TEXT) {
            throw new IllegalArgumentException("a block has a name of up to " + Limits.TEXT + " characters");
        }
        if (builds < 0 || seen < 0) {
            throw new IllegalArgumentException("block '" + name + "': a negative number of builds");
        }
        this.name = name;
        this.builds = builds;
        this.seen = seen;
        this.changed = changed;
        this.entries = unique(name, entries, BaselineEntry::subject);
        this.deviations = unique(name, deviations, Deviation::subject);
        this.unwanted = unique(name, unwanted, UnwantedEndpoint::subject);
        long files = this.entries.stream().filter(entry -> entry.subject().path() != null).count();
        limit("files", files, Limits.ENTRIES);
        limit("endpoints", this.entries.size() - files, Limits.ENTRIES);
        limit("deviations", this.deviations.size(), Limits.DEVIATIONS);
        limit("unwanted endpoints", this.unwanted.size(), Limits.UNWANTED);
    }

    /** A baseline that has still to learn everything. */
    public static BlockBaseline empty(String name) {
        return new BlockBaseline(name, 0, 0, null, List.of(), List.of(), List.of());
    }

    /** A complete baseline of one run, which somebody chose as the reference: it has all that was seen, alarming or not. */
    public static BlockBaseline reference(String name, Observation observed) {
        List<BaselineEntry> entries = observed.seen().stream()
                .map(seen -> new BaselineEntry(seen.subject(), BaselineEntry.joined(List.of(), seen.programs()), seen.first(), null,
                        seen.last(), null, 1, null))
                .limit(Limits.ENTRIES)
                .toList();
        return new BlockBaseline(name, 1, 1, null, entries, List.of(), List.of());
    }

    /** Its state under the settings. */
    public BaselineState state(BaselineSettings settings) {
        if (builds < settings.required()) {
            return BaselineState.CREATING;
        }
        boolean recent = changed != null && seen - changed < settings.unstableBuilds();
        return recent ? BaselineState.UNSTABLE : BaselineState.STABLE;
    }

    /** The entry of exactly this endpoint or file; null if there is none. */
    public BaselineEntry entry(Subject target) {
        return entries.stream().filter(entry -> entry.subject().equals(target)).findFirst().orElse(null);
    }

    BlockBaseline with(Collection<BaselineEntry> newEntries, Collection<Deviation> newDeviations) {
        return new BlockBaseline(name, builds, seen, changed, List.copyOf(newEntries), List.copyOf(newDeviations), unwanted);
    }

    BlockBaseline with(List<UnwantedEndpoint> newUnwanted) {
        return new BlockBaseline(name, builds, seen, changed, entries, deviations, newUnwanted);
    }

    BlockBaseline counted(boolean taught) {
        return new BlockBaseline(name, taught ? builds + 1 : builds, seen + 1, changed, entries, deviations, unwanted);
    }

    /** Remembers that a person changed it; what happens while it is being created is no change. */
    BlockBaseline changedNow(BaselineSettings settings) {
        Long now = builds < settings.required() ? changed : Long.valueOf(seen);
        return new BlockBaseline(name, builds, seen, now, entries, deviations, unwanted);
    }

    private void limit(String what, long number, int max) {
        if (number > max) {
            throw new IllegalArgumentException("block '" + name + "': " + number + " " + what + " are more than " + max);
        }
    }

    private static <T> List<T> unique(String block, List<T> all, Function<T, Subject> key) {
        Map<Subject, T> once = new LinkedHashMap<>();
        for (T one : all == null ? List.<T>of() : all) {
            if (once.put(key.apply(one), one) != null) {
                throw new IllegalArgumentException("block '" + block + "': " + key.apply(one).label() + " stands there twice");
            }
        }
        return List.copyOf(once.values());
    }
}

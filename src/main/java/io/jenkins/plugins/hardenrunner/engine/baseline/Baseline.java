package io.jenkins.plugins.hardenrunner.engine.baseline;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is normal for a job: the baselines of its blocks, and who changed them (docs/baseline.md). Immutable.
 *
 * @param revision grows by one with each change
 * @param blocks each name once
 * @param changelog oldest first
 */
@JsonPropertyOrder({"format", "schema"})
public record Baseline(long revision, List<BlockBaseline> blocks, List<Change> changelog) {
    /** What a document says it is. */
    public static final String FORMAT = "harden-runner-baseline";
    /** The version of the format. */
    public static final int SCHEMA = 1;

    /** The baseline of a job that has none. */
    public static final Baseline EMPTY = new Baseline(0, List.of(), List.of());

    public Baseline {
        Map<String, BlockBaseline> once = new LinkedHashMap<>();
        for (BlockBaseline block : blocks == null ? List.<BlockBaseline>of() : blocks) {
            if (once.put(block.name(), block) != null) {
                throw new IllegalArgumentException("block '" + block.name() + "' stands there twice");
            }
        }
        if (once.size() > Limits.BLOCKS) {
            throw new IllegalArgumentException("more than " + Limits.BLOCKS + " blocks");
        }
        blocks = List.copyOf(once.values());
        List<Change> changes = changelog == null ? List.of() : changelog;
        changelog = List.copyOf(changes.subList(Math.max(0, changes.size() - Limits.CHANGES), changes.size()));
    }

    @JsonCreator
    static Baseline read(
            @JsonProperty("format") String format,
            @JsonProperty("schema") int schema,
            @JsonProperty("revision") long revision,
            @JsonProperty("blocks") List<BlockBaseline> blocks,
            @JsonProperty("changelog") List<Change> changelog) {
        return new Baseline(revision, blocks, changelog);
    }

    /** {@link #FORMAT}. */
    @JsonProperty
    public String format() {
        return FORMAT;
    }

    /** {@link #SCHEMA}. */
    @JsonProperty
    public int schema() {
        return SCHEMA;
    }

    /** The baseline of a block; null if there is none. */
    public BlockBaseline block(String name) {
        return blocks.stream().filter(block -> block.name().equals(name)).findFirst().orElse(null);
    }

    /** The baseline of a block, or one that has still to learn everything. */
    public BlockBaseline blockOrEmpty(String name) {
        BlockBaseline block = block(name);
        return block == null ? BlockBaseline.empty(name) : block;
    }

    /** How many deviations wait for a review. */
    public int deviations() {
        return blocks.stream().mapToInt(block -> block.deviations().size()).sum();
    }

    /** The least settled state of the blocks. */
    public BaselineState state(BaselineSettings settings) {
        List<BaselineState> states = blocks.stream().map(block -> block.state(settings)).toList();
        for (BaselineState state : List.of(BaselineState.CREATING, BaselineState.UNSTABLE, BaselineState.STABLE)) {
            if (states.contains(state)) {
                return state;
            }
        }
        return BaselineState.NONE;
    }

    /**
     * The baseline after a build of its own branch. A build with more blocks than a job can have leaves the surplus
     * without a baseline.
     */
    public Baseline record(Map<String, Observation> observed, BaselineSettings settings, Learning.Build build) {
        Map<String, BlockBaseline> after = new LinkedHashMap<>();
        blocks.forEach(block -> after.put(block.name(), block));
        List<Change> changes = new ArrayList<>(changelog);
        observed.forEach((name, observation) -> {
            BlockBaseline before = blockOrEmpty(name);
            BlockBaseline next = Learning.record(before, observation, settings, build);
            if (after.containsKey(name) || after.size() < Limits.BLOCKS) {
                after.put(name, next);
            }
            if (before.state(settings) == BaselineState.CREATING && next.state(settings) != BaselineState.CREATING) {
                changes.add(new Change(time(build.time()), null, Change.Action.LEARNED, name,
                        counted(next.entries().size()) + " from " + next.builds() + " builds", null, null, build.number()));
            }
        });
        return new Baseline(revision + 1, List.copyOf(after.values()), changes);
    }

    /** With one block in place of its earlier form, and a line in the changelog. */
    Baseline with(BlockBaseline block, Change change) {
        Map<String, BlockBaseline> after = new LinkedHashMap<>();
        blocks.forEach(old -> after.put(old.name(), old));
        after.put(block.name(), block);
        List<Change> changes = new ArrayList<>(changelog);
        changes.add(change);
        return new Baseline(revision + 1, List.copyOf(after.values()), changes);
    }

    static String counted(long entries) {
        return entries + (entries == 1 ? " endpoint or file" : " endpoints and files");
    }

    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}

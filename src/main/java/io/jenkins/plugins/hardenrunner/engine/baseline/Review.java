package io.jenkins.plugins.hardenrunner.engine.baseline;

import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a person does to a baseline. Each method returns the baseline afterwards, with a line in its changelog, and
 * leaves the given one as it was.
 */
public final class Review {
    private final BaselineSettings settings;
    private final String user;
    private final Instant now;
    private final String comment;
    private final Integer build;

    /** A review. @param build the newest build, for the changelog; null if there is none */
    public Review(BaselineSettings settings, String user, Instant now, String comment, Integer build) {
        this.settings = settings;
        this.user = user;
        this.now = now;
        this.comment = comment;
        this.build = build;
    }

    /** That there is no such block, entry or deviation, or no longer. */
    public static final class NotFoundException extends PolicyException {
        private static final long serialVersionUID = 1L;

        /** Says what there is not. */
        public NotFoundException(String message) {
            super(message);
        }
    }

    /**
     * Makes a subject known.
     *
     * @param programs who may use it besides those of the deviation that waits, if one does; {@code *} for any
     * @param pattern an endpoint of the policy grammar that covers the subject and is accepted in its place; or null
     * @param until when the acceptance ends, or null
     */
    public Baseline accept(
            Baseline baseline, String block, Subject subject, List<String> programs, String pattern, Instant until) {
        if (until != null && !until.isAfter(now)) {
            throw new PolicyException("until: " + until + " has passed already");
        }
        BlockBaseline before = baseline.blockOrEmpty(block);
        Acceptance acceptance = new Acceptance(user, time(), comment, until == null ? null : Baseline.time(until));
        Subject target = pattern == null ? subject.target() : AcceptedPattern.of(pattern, subject);
        Deviation waiting = before.deviations().stream().filter(d -> d.subject().equals(subject)).findFirst().orElse(null);
        List<String> users = new ArrayList<>(programs);
        if (subject.program() != null) {
            users.add(subject.program());
        } else if (waiting != null) {
            users.addAll(waiting.programs());
        }
        BlockBaseline after = before
                .with(before.unwanted().stream().filter(entry -> !entry.subject().equals(subject.target())).toList())
                .with(entries(before, target, users, acceptance, waiting), before.deviations());
        return baseline.with(settled(after).changedNow(settings),
                change(Change.Action.ACCEPT, block, pattern == null ? subject.label() : target.label(), acceptance.until()));
    }

    private Collection<BaselineEntry> entries(
            BlockBaseline before, Subject target, List<String> users, Acceptance acceptance, Deviation waiting) {
        Map<Subject, BaselineEntry> entries = new LinkedHashMap<>();
        before.entries().forEach(entry -> entries.put(entry.subject(), entry));
        BaselineEntry old = entries.get(target);
        if (old != null) {
            entries.put(target, old.with(users).accepted(acceptance));
        } else {
            String first = waiting == null ? time() : waiting.firstSeen();
            String last = waiting == null ? time() : waiting.lastSeen();
            entries.put(target, new BaselineEntry(target, BaselineEntry.joined(List.of(), users), first,
                    waiting == null ? null : waiting.firstBuild(), last, waiting == null ? null : waiting.lastBuild(),
                    waiting == null ? 0 : waiting.builds(), acceptance));
        }
        return entries.values();
    }

    /** Without the deviations that are none any more. */
    private BlockBaseline settled(BlockBaseline block) {
        List<Deviation> left = new ArrayList<>();
        for (Deviation deviation : block.deviations()) {
            Subject target = deviation.subject().target();
            List<BaselineEntry> holding = block.entries().stream()
                    .filter(entry -> entry.subject().equals(target) || entry.covers(target))
                    .filter(entry -> !entry.expired(now))
                    .toList();
            boolean known = !holding.isEmpty() && deviation.programs().stream()
                    .allMatch(program -> holding.stream().anyMatch(entry -> entry.usedBy(program)));
            if (!known) {
                left.add(deviation);
            }
        }
        return block.with(block.entries(), left);
    }

    /** Puts an endpoint on the job's block list, and takes it out of what is known. */
    public Baseline unwanted(Baseline baseline, String block, Subject subject) {
        BlockBaseline before = baseline.blockOrEmpty(block);
        List<UnwantedEndpoint> unwanted = new ArrayList<>(before.unwanted());
        unwanted.removeIf(entry -> entry.subject().equals(subject));
        unwanted.add(new UnwantedEndpoint(subject, user, time(), comment));
        BlockBaseline after = before.with(unwanted).with(
                before.entries().stream().filter(entry -> !entry.subject().equals(subject)).toList(),
                before.deviations().stream().filter(d -> !d.subject().target().equals(subject)).toList());
        return baseline.with(after.changedNow(settings), change(Change.Action.UNWANTED, block, subject.label(), null));
    }

    /** Forgets an entry or an unwanted endpoint. */
    public Baseline remove(Baseline baseline, String block, String id) {
        BlockBaseline before = existing(baseline, block);
        List<BaselineEntry> entries = before.entries().stream().filter(entry -> !entry.id().equals(id)).toList();
        List<UnwantedEndpoint> unwanted = before.unwanted().stream().filter(entry -> !entry.id().equals(id)).toList();
        String label = Stream.concat(
                        before.entries().stream().map(BaselineEntry::subject), before.unwanted().stream().map(UnwantedEndpoint::subject))
                .filter(subject -> subject.id().equals(id))
                .map(Subject::label)
                .findFirst()
                .orElseThrow(() -> new NotFoundException("block '" + block + "' has no entry " + id));
        return baseline.with(before.with(unwanted).with(entries, before.deviations()).changedNow(settings),
                change(Change.Action.REMOVE, block, label, null));
    }

    /** Makes the person stand for all that was learned. */
    public Baseline acceptAll(Baseline baseline, String block) {
        BlockBaseline before = existing(baseline, block);
        Acceptance acceptance = new Acceptance(user, time(), comment, null);
        List<BaselineEntry> entries = before.entries().stream()
                .map(entry -> entry.accepted() == null ? entry.accepted(acceptance) : entry)
                .toList();
        long learned = before.entries().stream().filter(entry -> entry.accepted() == null).count();
        // What is normal stays the same, so that this alone does not make a stable baseline unstable.
        return baseline.with(before.with(entries, before.deviations()),
                change(Change.Action.ACCEPT_ALL, block, "learned: " + Baseline.counted(learned), null));
    }

    /** Forgets all that is known, not what is unwanted, and begins to learn again. */
    public Baseline reset(Baseline baseline, String block) {
        BlockBaseline before = existing(baseline, block);
        return baseline.with(BlockBaseline.empty(block).with(before.unwanted()),
                change(Change.Action.RESET, block, Baseline.counted(before.entries().size()), null));
    }

    /**
     * Takes blocks over from another baseline; others stay.
     *
     * @param action {@code IMPORT} or {@code SEED}
     * @param source where they come from, for the changelog
     */
    public Baseline takeOver(Baseline baseline, Collection<BlockBaseline> blocks, Change.Action action, String source) {
        Baseline after = baseline;
        for (BlockBaseline block : blocks) {
            BlockBaseline fresh = new BlockBaseline(block.name(), block.builds(), block.seen(), block.changed(), block.entries(),
                    List.of(), block.unwanted());
            after = after.with(fresh.changedNow(settings),
                    change(action, block.name(), Baseline.counted(fresh.entries().size()) + " from " + source, null));
        }
        return after;
    }

    private BlockBaseline existing(Baseline baseline, String block) {
        BlockBaseline found = baseline.block(block);
        if (found == null) {
            throw new NotFoundException("the job has no baseline for a block '" + block + "'");
        }
        return found;
    }

    private Change change(Change.Action action, String block, String subject, String until) {
        return new Change(time(), user, action, block, subject, comment, until, build);
    }

    private String time() {
        return Baseline.time(now);
    }
}

package io.jenkins.plugins.hardenrunner.engine.report;

import io.jenkins.plugins.hardenrunner.engine.event.Event;
import io.jenkins.plugins.hardenrunner.engine.event.EventReader;
import io.jenkins.plugins.hardenrunner.engine.event.Problem;
import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.source.SourceChange;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Makes a report of the events of one block, in bounded memory. Not safe for use by several threads.
 *
 * <p>Order of calls: {@link #tracked} if the sources under version control are known, then launches and their events,
 * then {@link #sourceChanges} and {@link #coverage}, then {@link #build}.
 */
public final class ReportBuilder {
    private final EffectivePolicy policy;
    private final Map<String, LaunchHandle> launches = new LinkedHashMap<>();
    private final List<SourceChange> changes = new ArrayList<>();
    private final List<Report.Coverage> coverage = new ArrayList<>();
    private final Map<String, String> unsupervised = new LinkedHashMap<>();
    private final NestedBlocks nested = new NestedBlocks();
    private Predicate<String> tracked = path -> false;
    private Predicate<String> covered = path -> false;
    private boolean compared;
    private final Aggregation aggregation = new Aggregation(path -> this.tracked.test(path));
    private String version = "";
    private Integer redactions;
    private Explanation.Context context = Explanation.Context.COMMAND_LINE;
    private long ended;

    /** A builder. @param policy the one under which the launches ran; its rules explain the verdicts */
    public ReportBuilder(EffectivePolicy policy) {
        this.policy = policy;
    }

    /** One launch of the block. */
    public static final class LaunchHandle {
        final LaunchInfo info;
        final List<Problem> problems = new ArrayList<>();
        private final Aggregation aggregation;
        Event.Start start;
        Event.Exit exit;
        Event.End end;
        long lastTime;
        boolean truncated;
        EventReader.Summary summary;

        private LaunchHandle(LaunchInfo info, Aggregation aggregation) {
            this.info = info;
            this.aggregation = aggregation;
        }

        /**
         * Reads the launch's event file to the end of the stream.
         *
         * @throws IOException if the stream cannot be read; bad content becomes part of the report instead
         */
        public EventReader.Summary readEvents(InputStream in) throws IOException {
            summary = new EventReader(info.nonce()).read(in, this::take, this::problem);
            return summary;
        }

        /** Whether the helper has closed the file. */
        public boolean ended() {
            return end != null;
        }

        private void problem(Problem problem) {
            boolean early = problem.kind() == Problem.Kind.MISSING_END || problem.kind() == Problem.Kind.TRUNCATED_LINE;
            if (!(info.running() && early)) {
                problems.add(problem);
            }
        }

        private void take(Event event) {
            lastTime = Math.max(lastTime, event.head().time());
            if (event instanceof Event.Start e) {
                start = e;
            } else if (event instanceof Event.Image e) {
                aggregation.image(info.id(), e);
            } else if (event instanceof Event.Net e) {
                aggregation.net(info.id(), e);
            } else if (event instanceof Event.Dns e) {
                aggregation.dns(info.id(), e);
            } else if (event instanceof Event.FileAccess e) {
                aggregation.file(info.id(), e);
            } else if (event instanceof Event.Refused e) {
                aggregation.refused(info.id(), e);
            } else if (event instanceof Event.Exit e) {
                exit = e;
            } else if (event instanceof Event.Truncated) {
                truncated = true;
            } else if (event instanceof Event.Tampered e) {
                problems.add(new Problem(Problem.Kind.ALTERED, 0, e.detail()));
            } else if (event instanceof Event.End e) {
                end = e;
                if (!e.intact()) {
                    problems.add(new Problem(Problem.Kind.ALTERED, 0, "the file on disk was not what the helper had written"));
                }
            }
        }
    }

    /** Names the version of the tool that writes the report. */
    public ReportBuilder toolVersion(String value) {
        version = value;
        return this;
    }

    /** Tells which absolute paths are under version control; call it before events are read. */
    public ReportBuilder tracked(Predicate<String> absolutePath) {
        tracked = absolutePath;
        return this;
    }

    /** Tells where policies are written, for the remedies; the command line unless it is told. */
    public ReportBuilder context(Explanation.Context value) {
        context = value;
        return this;
    }

    /** Tells when the block ended, in milliseconds since 1970; unless it is told, the last launch's end counts. */
    public ReportBuilder ended(long millis) {
        ended = millis;
        return this;
    }

    /** Tells how many values were masked. */
    public ReportBuilder redactions(int count) {
        redactions = count;
        return this;
    }

    /**
     * Adds a launch.
     *
     * @throws IllegalArgumentException if a launch with this id is there already
     */
    public LaunchHandle launch(LaunchInfo info) {
        LaunchHandle handle = new LaunchHandle(info, aggregation);
        if (launches.putIfAbsent(info.id(), handle) != null) {
            throw new IllegalArgumentException("launch '" + info.id() + "' was added twice");
        }
        return handle;
    }

    /** Adds a launch and reads its events. */
    public LaunchHandle readEvents(LaunchInfo info, InputStream in) throws IOException {
        LaunchHandle handle = launch(info);
        handle.readEvents(in);
        return handle;
    }

    /** Adds a launch that ran without supervision. @param reason why, for a person */
    public ReportBuilder unsupervised(String id, String reason) {
        unsupervised.put(id, reason);
        return this;
    }

    /** The absolute paths that events so far say were written to, removed or renamed. */
    public Set<String> touchedPaths() {
        return Collections.unmodifiableSet(aggregation.touched);
    }

    /** Tells which absolute paths lie where a comparison finds changes, such as git's own folders. */
    public ReportBuilder covered(Predicate<String> absolutePath) {
        covered = absolutePath;
        return this;
    }

    /** Adds what a comparison of watched files found; without it nothing is known of files that were written to. */
    public ReportBuilder sourceChanges(List<SourceChange> found) {
        compared = true;
        changes.addAll(found);
        return this;
    }

    /** Adds the report of a block inside this one; what changed there is not reported here again. */
    public ReportBuilder nested(String block, Report report) {
        nested.add(block, report);
        return this;
    }

    /** Names absolute paths whose changes are in the reports of blocks that ran at the same time in the same place. */
    public ReportBuilder changedElsewhere(Collection<String> paths) {
        nested.changed(paths);
        return this;
    }

    /** Adds a line about what is supervised. @param covered {@code yes}, {@code partly} or {@code no} */
    public ReportBuilder coverage(String subject, String covered, String note) {
        if (!Set.of("yes", "partly", "no").contains(covered)) {
            throw new IllegalArgumentException("covered must be yes, partly or no, not " + covered);
        }
        Report.Coverage line = new Report.Coverage();
        line.subject = subject;
        line.covered = covered;
        line.note = note;
        coverage.add(line);
        return this;
    }

    /** The report of everything so far; can be called again when more has been added. */
    public Report build() {
        Report report = new ReportAssembly(policy, context, new ArrayList<>(launches.values()), aggregation,
                nested.without(changes, aggregation.touched), new SourceView(tracked, covered, compared), unsupervised, ended).assemble();
        report.tool.version = version;
        report.redactions = redactions;
        report.coverage.addAll(0, coverage);
        nested.fill(report, unsupervised.isEmpty());
        return report;
    }
}

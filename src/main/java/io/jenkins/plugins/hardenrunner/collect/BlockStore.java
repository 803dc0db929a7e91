package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.hardenrunner.engine.baseline.BaselineJson;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.engine.report.ReportJson;
import io.jenkins.plugins.hardenrunner.storage.AtomicFiles;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Where a block's evidence and report lie: {@code <build>/harden-runner/<block>/}. */
public final class BlockStore {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{16}");
    private static final Pattern EVIDENCE = Pattern.compile("(seal|pruned|trace\\.intoto)\\.json|report\\.json\\.gz|l-[0-9]{1,9}\\.(ndjson|events\\.gz)");
    private static final Pattern EVENT = Pattern.compile(
            "^\\{\"seq\":([0-9]{1,18}),\"t\":([0-9]{1,18}),(?:\"m\":[0-9]{1,18},\"k\":\"files\",\"n\":([0-9]{1,9}),)?");
    private static final int LONG_LINES = 64 << 10;
    private static final String SPEC = "block.json";
    static final String REPORT = "report.json.gz";
    private static final String RESULT = "result.json.gz";

    private final Run<?, ?> run;
    private final String id;

    private BlockStore(Run<?, ?> run, String id) {
        this.run = run;
        this.id = id;
    }

    /** Asked for each time: the folder of a build moves when its job is renamed or moved, also while it runs. */
    private Path folder() {
        return root(run).resolve(id);
    }

    /**
     * The store of one block.
     *
     * @throws IllegalArgumentException if the id is none; it may come from a URL and becomes a file name
     */
    @NonNull
    public static BlockStore of(@NonNull Run<?, ?> run, @NonNull String blockId) {
        if (!ID.matcher(blockId).matches()) {
            throw new IllegalArgumentException("not the id of a block");
        }
        return new BlockStore(run, blockId);
    }

    /** The ids of all blocks of a build that were ever entered. */
    @NonNull
    static List<String> ids(@NonNull Run<?, ?> run) throws IOException {
        Path root = root(run);
        if (!Files.isDirectory(root)) {
            return new ArrayList<>();
        }
        try (Stream<Path> children = Files.list(root)) {
            return children.map(child -> child.getFileName().toString())
                    .filter(name -> ID.matcher(name).matches())
                    .sorted()
                    .toList();
        }
    }

    private static Path root(Run<?, ?> run) {
        return run.getRootDir().toPath().resolve("harden-runner");
    }

    void create(@NonNull BlockSpec spec) throws IOException {
        Files.createDirectories(folder());
        spec.write(folder().resolve(SPEC));
    }

    boolean exists() {
        return Files.isRegularFile(folder().resolve(SPEC));
    }

    @NonNull
    BlockSpec spec() throws IOException {
        return BlockSpec.read(folder().resolve(SPEC));
    }

    @NonNull
    LaunchList launches() {
        return new LaunchList(folder().resolve("launches.tsv"));
    }

    @NonNull
    TsvFile gaps() {
        return new TsvFile(folder().resolve("gaps.tsv"), 3);
    }

    /** Workspaces whose sources were captured: node, path, file name of the manifest. */
    @NonNull
    TsvFile workspaces() {
        return new TsvFile(folder().resolve("workspaces.tsv"), 3);
    }

    /** A file of this block. */
    @NonNull
    Path file(@NonNull String name) {
        return folder().resolve(name);
    }

    /** Events as the helper wrote them. */
    @NonNull
    static String eventsName(@NonNull String launch) {
        return launch + ".ndjson";
    }

    /** The same once the block has ended. */
    @NonNull
    static String archiveName(@NonNull String launch) {
        return launch + ".events.gz";
    }

    @NonNull
    private Path events(@NonNull String launch) {
        return folder().resolve(eventsName(launch));
    }

    /**
     * Opens a file of the block's evidence.
     *
     * @throws IllegalArgumentException if the name is none; it may come from a URL
     */
    @NonNull
    public InputStream openEvidence(@NonNull String name) throws IOException {
        if (!EVIDENCE.matcher(name).matches()) {
            throw new IllegalArgumentException("not the name of evidence");
        }
        return new BufferedInputStream(Files.newInputStream(folder().resolve(name)));
    }

    /** How much of a launch's events is stored, in bytes. It is the offset to go on from, also after a restart. */
    long stored(@NonNull String launch) throws IOException {
        Path events = events(launch);
        return Files.exists(events) ? Files.size(events) : 0;
    }

    void append(@NonNull String launch, @NonNull byte[] bytes) throws IOException {
        Files.write(events(launch), bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @NonNull
    InputStream openEvents(@NonNull String launch) throws IOException {
        Path events = events(launch);
        return Files.exists(events) ? new BufferedInputStream(Files.newInputStream(events)) : InputStream.nullInputStream();
    }

    /** The last bytes of a launch's events, to see whether they are complete. */
    @NonNull
    byte[] tail(@NonNull String launch, int length) throws IOException {
        try (InputStream in = openEvents(launch)) {
            in.skipNBytes(Math.max(0, stored(launch) - length));
            return in.readAllBytes();
        }
    }

    /** Until when there are events of a launch, as a clause. */
    @NonNull
    String reach(@NonNull String launch) throws IOException {
        String text = new String(tail(launch, LONG_LINES), StandardCharsets.UTF_8);
        String last = text.substring(0, text.lastIndexOf('\n') + 1).stripTrailing();
        Matcher event = EVENT.matcher(last.substring(last.lastIndexOf('\n') + 1));
        return event.find()
                ? "its events are here up to number "
                        + (Long.parseLong(event.group(1)) + (event.group(3) == null ? 0 : Long.parseLong(event.group(3)) - 1)) + ", recorded at "
                        + Instant.ofEpochMilli(Long.parseLong(event.group(2)))
                : "none of its events is here";
    }

    /** Whether the block has ended and its report is there. */
    public boolean hasReport() {
        return Files.isRegularFile(folder().resolve(REPORT));
    }

    /** The report, as JSON. */
    @NonNull
    public InputStream openReport() throws IOException {
        return new GZIPInputStream(new BufferedInputStream(Files.newInputStream(folder().resolve(REPORT))));
    }

    /**
     * As {@link #openReport()}, for a build that need not be loaded for it.
     *
     * @throws java.nio.file.NoSuchFileException if it, its block or its report is gone
     * @throws IllegalArgumentException if the id is none
     */
    @NonNull
    static InputStream openReport(@NonNull Job<?, ?> job, int build, @NonNull String blockId) throws IOException {
        if (!ID.matcher(blockId).matches()) {
            throw new IllegalArgumentException("not the id of a block");
        }
        Path folder = job.getBuildDir().toPath().resolve(Integer.toString(build));
        return new GZIPInputStream(new BufferedInputStream(Files.newInputStream(folder.resolve("harden-runner").resolve(blockId).resolve(REPORT))));
    }

    void writeReport(@NonNull Report report) throws IOException {
        AtomicFiles.write(folder().resolve(REPORT), out -> {
            GZIPOutputStream zip = new GZIPOutputStream(out);
            ReportJson.write(report, zip);
            zip.finish();
        });
    }

    void writeResult(@NonNull BlockResult result) throws IOException {
        AtomicFiles.write(folder().resolve(RESULT), out -> {
            GZIPOutputStream zip = new GZIPOutputStream(out);
            BaselineJson.write(result, zip);
            zip.finish();
        });
    }

    /** What the end of the build is to learn from the block; null if it has learned it, or the block has not ended. */
    @CheckForNull
    BlockResult readResult() throws IOException {
        Path file = folder().resolve(RESULT);
        if (!Files.isRegularFile(file)) {
            return null;
        }
        try (InputStream in = new GZIPInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            return BaselineJson.read(in, BlockResult.class);
        }
    }

    void deleteResult() throws IOException {
        Files.deleteIfExists(folder().resolve(RESULT));
    }

    /** Removes what was only of use while the block ran. */
    void deleteWorkingFiles() throws IOException {
        try (Stream<Path> children = Files.list(folder())) {
            for (Path child : children.toList()) {
                String name = child.getFileName().toString();
                if (name.startsWith("sources-") || name.equals(BlockSecrets.FILE)) {
                    Files.deleteIfExists(child);
                }
            }
        }
    }
}

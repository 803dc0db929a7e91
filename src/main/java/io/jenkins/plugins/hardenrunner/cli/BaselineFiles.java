package io.jenkins.plugins.hardenrunner.cli;

import io.jenkins.plugins.hardenrunner.engine.baseline.Baseline;
import io.jenkins.plugins.hardenrunner.engine.baseline.BaselineJson;
import io.jenkins.plugins.hardenrunner.engine.baseline.BaselineSettings;
import io.jenkins.plugins.hardenrunner.engine.baseline.BlockBaseline;
import io.jenkins.plugins.hardenrunner.engine.baseline.ReportBaseline;
import io.jenkins.plugins.hardenrunner.engine.baseline.ReportObservation;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** What a report can be compared with: a baseline from Jenkins, or an earlier report. */
final class BaselineFiles {
    private static final int HEAD = 4096;
    /** A file does not grow with the builds, so it is always complete. */
    private static final BaselineSettings COMPLETE = new BaselineSettings(1, 0);

    private BaselineFiles() {}

    /** Whether a file is a baseline, by its beginning; what is wrong in it is said when it is read. */
    static boolean isBaseline(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(path)) {
            String head = new String(in.readNBytes(HEAD), StandardCharsets.ISO_8859_1);
            return head.contains('"' + Baseline.FORMAT + '"') && !head.contains("\"tool\"");
        }
    }

    /**
     * Completes a report with what it has beside the baseline.
     *
     * @param block the block's name; null for the only one
     */
    static void compare(Report report, Path path, String block) throws IOException {
        BlockBaseline baseline = isBaseline(path) ? block(path, block) : reference(ReportFiles.read(path));
        ReportBaseline.apply(report, new ReportBaseline.Reference("", "file", baseline.name(), baseline, 0, COMPLETE,
                "a file is not changed by a run"), roots(report), Instant.now());
    }

    private static BlockBaseline reference(Report before) {
        return BlockBaseline.reference("default", ReportObservation.of(before, roots(before)));
    }

    private static List<String> roots(Report report) {
        return report.cwd == null ? List.of() : List.of(report.cwd);
    }

    private static BlockBaseline block(Path path, String name) throws IOException {
        Baseline baseline;
        try {
            baseline = BaselineJson.importDocument(Files.readString(path));
        } catch (IOException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
        List<BlockBaseline> found = baseline.blocks().stream()
                .filter(block -> name == null || block.name().equals(name))
                .toList();
        if (found.size() != 1) {
            String names = baseline.blocks().stream().map(BlockBaseline::name).collect(Collectors.joining("', '", "'", "'"));
            throw new IOException(path + ": " + (name == null ? "name one of the blocks " : "no block '" + name
                    + "', there are ") + (baseline.blocks().isEmpty() ? "none" : names));
        }
        return found.get(0);
    }
}

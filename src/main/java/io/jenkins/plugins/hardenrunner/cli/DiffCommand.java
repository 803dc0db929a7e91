package io.jenkins.plugins.hardenrunner.cli;

import io.jenkins.plugins.hardenrunner.engine.baseline.Comparison;
import io.jenkins.plugins.hardenrunner.engine.policy.Text;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code harden-runner diff}: what one run did that another did not. */
@Command(name = "diff", mixinStandardHelpOptions = true,
        description = "Compares two reports; exit status 0 if nothing differs, 1 if something does.")
final class DiffCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "BEFORE", description = "Folder, report.json, events.ndjson, or a baseline exported from Jenkins.")
    private Path before;

    @Parameters(index = "1", paramLabel = "AFTER", description = "Folder, report.json or events.ndjson.")
    private Path after;

    @Option(names = "--block", paramLabel = "NAME", description = "The block of a baseline that has several.")
    private String block;

    @Override
    public Integer call() throws IOException {
        if (BaselineFiles.isBaseline(before)) {
            Report report = ReportFiles.read(after);
            BaselineFiles.compare(report, before, block);
            return print(lines(report));
        }
        Comparison comparison = Comparison.of(ReportFiles.read(before), ReportFiles.read(after));
        return print(lines(comparison));
    }

    private int print(List<String> lines) {
        PrintWriter out = spec.commandLine().getOut();
        lines.forEach(out::println);
        out.flush();
        return lines.isEmpty() ? ExitCode.OK : ExitCode.NO;
    }

    /** One line for each deviation from the baseline that a report was compared with, and for what is gone. */
    static List<String> lines(Report report) {
        List<String> lines = new ArrayList<>();
        report.deviations.forEach(deviation -> section(lines, "+ " + deviation.kind + " ", List.of(deviation.label)));
        report.baseline.gone.forEach(gone -> section(lines, "- " + gone.kind + " ", List.of(gone.label)));
        return lines;
    }

    /** One line for each difference, {@code +} for what is new. */
    static List<String> lines(Comparison comparison) {
        List<String> lines = new ArrayList<>();
        section(lines, "+ endpoint ", comparison.newEndpoints());
        section(lines, "- endpoint ", comparison.goneEndpoints());
        section(lines, "+ changed source ", comparison.newChanges());
        section(lines, "- changed source ", comparison.goneChanges());
        section(lines, "+ finding ", comparison.newFindings());
        section(lines, "- finding ", comparison.goneFindings());
        return lines;
    }

    private static void section(List<String> lines, String head, List<String> entries) {
        entries.forEach(entry -> lines.add(head + Text.shown(entry, 300)));
    }
}

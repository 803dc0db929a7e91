package io.jenkins.plugins.hardenrunner.cli;

import io.jenkins.plugins.hardenrunner.engine.event.EventReader;
import io.jenkins.plugins.hardenrunner.engine.event.Problem;
import io.jenkins.plugins.hardenrunner.engine.policy.Text;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code harden-runner verify}: whether an event file is what the helper wrote. */
@Command(name = "verify", mixinStandardHelpOptions = true,
        description = "Checks sequence, chain and closing record of an event file, and a report.json beside it; exit status 0 if intact, else 1.")
final class VerifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--nonce", paramLabel = "HEX", description = "The nonce of the launch, if it is known; else the file's own is believed.")
    private String nonce;

    @Parameters(paramLabel = "PATH", description = "A folder written by 'run --report', or an event file.")
    private Path path;

    @Override
    public Integer call() throws IOException {
        Path events = Files.isDirectory(path) ? path.resolve(ReportFiles.EVENTS) : path;
        List<Problem> problems = new ArrayList<>();
        EventReader.Summary summary;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(events))) {
            summary = new EventReader(nonce).read(in, event -> { }, problems::add);
        }
        PrintWriter out = spec.commandLine().getOut();
        for (Problem problem : problems) {
            out.println((problem.line() == 0 ? "file" : "line " + problem.line()) + ": " + problem.kind().token() + ": "
                    + Text.shown(problem.detail(), 300));
        }
        boolean sealed = matchesReport(events, summary, out);
        boolean intact = problems.isEmpty() && sealed;
        out.println((intact ? "intact: " : "not intact: ") + summary.lines() + " events, head " + summary.head());
        out.flush();
        return intact ? ExitCode.OK : ExitCode.NO;
    }

    /** Whether the report beside the event file, if there is one, was made of a file that ended with the same hash. */
    private static boolean matchesReport(Path events, EventReader.Summary summary, PrintWriter out)
            throws IOException {
        Path json = events.resolveSibling(ReportFiles.JSON);
        if (!events.getFileName().toString().equals(ReportFiles.EVENTS) || !Files.exists(json)) {
            return true;
        }
        Report report = ReportFiles.read(json);
        for (Report.ChainHead head : report.integrity.chainHeads) {
            String hash = null;
            if (head.events <= summary.lines()) {
                // Processes that still ran then may have added events since: compare where the report was made.
                try (InputStream in = new BufferedInputStream(Files.newInputStream(events))) {
                    hash = new EventReader(null, head.events).read(in, event -> { }, problem -> { }).head();
                }
            }
            if (!head.hash.equals(hash)) {
                out.println("file: report.json was made of " + head.events + " events with head " + head.hash);
                return false;
            }
        }
        return true;
    }
}

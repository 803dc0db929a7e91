package io.jenkins.plugins.hardenrunner.cli;

import io.jenkins.plugins.hardenrunner.engine.audit.Verification;
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

/** {@code harden-runner verify}: whether evidence is what was recorded and sealed. */
@Command(name = "verify", mixinStandardHelpOptions = true,
        description = {
            "Checks what a seal names: its signature, every file, and sequence, chain and closing record of the events.",
            "Without a seal, the event file and a report.json beside it. Exit status 0 if all holds, else 1.",
        })
final class VerifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--nonce", paramLabel = "HEX", description = "The nonce of the launch, if it is known; else the file's own is believed.")
    private String nonce;

    @Option(names = "--key", paramLabel = "FILE", description = "Public keys (PEM) of which one must have signed the seal; may be repeated.")
    private List<Path> keys = new ArrayList<>();

    @Parameters(paramLabel = "PATH", description = "A folder written by 'run --report', its URL on a server, or an event file.")
    private String location;

    @Override
    public Integer call() throws IOException {
        if (RemoteFolder.isUrl(location)) {
            return sealed(new RemoteFolder(location));
        }
        Path path = Path.of(location);
        if (!keys.isEmpty() || Files.exists(path.resolve(Verification.SEAL))) {
            return sealed(name -> new BufferedInputStream(Files.newInputStream(path.resolve(name))));
        }
        return events(path);
    }

    private int sealed(Verification.Store store) throws IOException {
        Verification verification = Verification.of(store, SealFiles.verifyingKeys(keys));
        PrintWriter out = spec.commandLine().getOut();
        for (Verification.Check check : verification.checks()) {
            String word = switch (check.result()) {
                case HOLDS -> "ok";
                case UNKNOWN -> "note";
                case FAILS -> "FAILED";
            };
            out.println(String.format("%-7s %s: %s", word, Text.shown(check.subject(), 100), Text.shown(check.detail(), 300)));
        }
        out.println(verification.holds() ? "intact" : "not intact");
        out.flush();
        return verification.holds() ? ExitCode.OK : ExitCode.NO;
    }

    private int events(Path path) throws IOException {
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
        out.println((intact ? "intact: " : "not intact: ") + summary.events() + " events, head " + summary.head());
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
            if (head.events <= summary.events()) {
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

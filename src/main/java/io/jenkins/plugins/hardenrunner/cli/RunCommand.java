package io.jenkins.plugins.hardenrunner.cli;

import io.jenkins.plugins.hardenrunner.engine.audit.SigningKey;
import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.OnViolation;
import io.jenkins.plugins.hardenrunner.engine.report.ConsoleSummary;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.engine.report.ReportJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code harden-runner run}: a command under a policy. */
@Command(name = "run", mixinStandardHelpOptions = true, showEndOfOptionsDelimiterInUsageHelp = true,
        description = {
            "Runs a command as if it had been started directly, supervised.",
            "Exit status: the command's (128+N for signal N); 120 if the policy was violated and the command itself"
                    + " succeeded, with --on-violation fail; 125 if the command was not started.",
        })
final class RunCommand implements Callable<Integer> {
    @Mixin
    private RunOptions options;

    @Option(names = "--report", paramLabel = "DIR", description = "Where to write events.ndjson, report.json, report.html and the seal over them.")
    private Path reportFolder;

    @Option(names = "--seal-key", paramLabel = "FILE", description = "An Ed25519 private key (PEM) that signs the seal; needs --report.")
    private Path sealKey;

    @Option(names = "--baseline", paramLabel = "FILE", description = "An earlier report.json, or a baseline exported from Jenkins; what is new is a deviation.")
    private Path baseline;

    @Option(names = "--baseline-block", paramLabel = "NAME", description = "The block of an exported baseline that has several.")
    private String baselineBlock;

    @Mixin
    private RedactOptions redact;

    @Option(names = {"-q", "--quiet"}, description = "No progress line and no summary.")
    private boolean quiet;

    @Parameters(paramLabel = "COMMAND", arity = "1..*", description = "The command and its arguments.")
    private List<String> command;

    @Override
    public Integer call() throws IOException, InterruptedException {
        for (String argument : command) {
            // Java cannot pass on bytes that it could not decode; a silently different argument would be worse.
            if (argument.indexOf('\ufffd') >= 0) {
                throw new CliException(ExitCode.NOT_STARTED, "an argument of the command is not valid UTF-8");
            }
        }
        EffectivePolicy policy = options.resolve();
        if (sealKey != null && reportFolder == null) {
            throw new CliException(ExitCode.NOT_STARTED, "--seal-key needs --report: without a folder there is nothing to seal");
        }
        // Read before the command starts: what it could do to the file comes too late.
        SigningKey key = sealKey == null ? null : SealFiles.signingKey(sealKey);
        if (baseline != null) {
            // What is wrong with it is said before the command starts.
            BaselineFiles.compare(new Report(), baseline, baselineBlock);
        }
        Terminal terminal = new Terminal(quiet);
        terminal.show("harden-runner: preparing …");
        try (Supervision supervision = new Supervision(policy, reportFolder, redact.resolve(), terminal)) {
            int status = supervision.run(command);
            if (!supervision.armed()) {
                terminal.erase();
                if (status != ExitCode.NOT_STARTED) {
                    // A helper that refuses says why; one that leaves no events must not pass for a supervised run.
                    throw new CliException(ExitCode.NOT_STARTED, "the supervisor left no events (exit status " + status + ")");
                }
                return status;
            }
            terminal.show("harden-runner: writing the report …");
            Report report = supervision.report();
            if (baseline != null) {
                BaselineFiles.compare(report, baseline, baselineBlock);
            }
            write(report, supervision, key);
            terminal.erase();
            if (!quiet) {
                summary(report);
            }
            boolean fail = report.verdict.equals("violated") && policy.onViolation() == OnViolation.FAIL;
            return status == 0 && fail ? ExitCode.VIOLATED : status;
        }
    }

    private void write(Report report, Supervision supervision, SigningKey key) throws IOException {
        if (reportFolder != null) {
            ReportFiles.write(reportFolder.resolve(ReportFiles.JSON), out -> ReportJson.write(report, out));
            ReportFiles.write(reportFolder.resolve(ReportFiles.HTML),
                    out -> out.write(ReportHtml.of(report).getBytes(StandardCharsets.UTF_8)));
            SealFiles.seal(reportFolder, report, supervision.nonce(), supervision.helperDigest(), key);
        }
    }

    private void summary(Report report) {
        List<String> lines = new ArrayList<>(ConsoleSummary.lines(report));
        if (report.baseline != null) {
            List<String> differences = DiffCommand.lines(report);
            lines.add(differences.isEmpty() ? "  nothing differs from the baseline" : "  compared with the baseline:");
            differences.forEach(line -> lines.add("    " + line));
        }
        if (reportFolder != null) {
            Path html = reportFolder.resolve(ReportFiles.HTML);
            lines.add("  report: " + (Files.exists(html) ? html : reportFolder.resolve(ReportFiles.JSON)));
        }
        System.err.println(String.join("\n", lines));
        System.err.flush();
    }
}

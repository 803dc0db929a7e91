package io.jenkins.plugins.hardenrunner.cli;

import io.jenkins.plugins.hardenrunner.engine.Sha256;
import io.jenkins.plugins.hardenrunner.engine.export.RuntimeTrace;
import io.jenkins.plugins.hardenrunner.engine.export.Sarif;
import io.jenkins.plugins.hardenrunner.engine.report.ConsoleSummary;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.engine.report.ReportJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code harden-runner report}: shows a recorded run. */
@Command(name = "report", description = "Shows a report, or makes one from an event file.", mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--format", defaultValue = "text", description = "text (default), json, html, sarif or in-toto.")
    private String format;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "Where to write; standard output if not given.")
    private Path output;

    @Option(names = "--subject", paramLabel = "FILE", description = "in-toto: a file that the run made; may be repeated.")
    private List<Path> subjects = new ArrayList<>();

    @Option(names = "--seal-key", paramLabel = "FILE", description = "in-toto: an Ed25519 private key (PEM); the statement comes signed, in a DSSE envelope.")
    private Path key;

    @Parameters(paramLabel = "PATH", description = "A folder written by 'run --report', its report.json, or its events.ndjson.")
    private Path path;

    @Override
    public Integer call() throws IOException {
        Report report = ReportFiles.read(path);
        String text = switch (format) {
            case "text" -> String.join("\n", ConsoleSummary.lines(report)) + "\n";
            case "json" -> json(report);
            case "html" -> ReportHtml.of(report);
            case "sarif" -> Sarif.of(report, "");
            case "in-toto" -> statement(report);
            default -> throw new CliException(ExitCode.TROUBLE,
                    "unknown format '" + format + "', known are html, in-toto, json, sarif, text");
        };
        if (output != null) {
            ReportFiles.writeText(output, text);
        } else {
            spec.commandLine().getOut().print(text);
            spec.commandLine().getOut().flush();
        }
        return ExitCode.OK;
    }

    private String statement(Report report) throws IOException {
        if (subjects.isEmpty()) {
            throw new CliException(ExitCode.TROUBLE, "an in-toto statement needs --subject: a file that the run made");
        }
        List<RuntimeTrace.Subject> made = new ArrayList<>();
        for (Path subject : subjects) {
            made.add(new RuntimeTrace.Subject(subject.getFileName().toString(), Sha256.measure(subject).sha256()));
        }
        String statement = RuntimeTrace.statement(report, made, "host:" + SealFiles.host(), String.join(" ", report.command));
        return key == null ? statement
                : new String(RuntimeTrace.sign(statement, List.of(SealFiles.signingKey(key))).toJson(), StandardCharsets.UTF_8);
    }

    private static String json(Report report) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ReportJson.write(report, bytes);
        return bytes.toString(StandardCharsets.UTF_8);
    }
}

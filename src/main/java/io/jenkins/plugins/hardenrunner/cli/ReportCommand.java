package io.jenkins.plugins.hardenrunner.cli;

import io.jenkins.plugins.hardenrunner.engine.report.ConsoleSummary;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.engine.report.ReportJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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

    @Option(names = "--format", defaultValue = "text", description = "text (default), json or html.")
    private String format;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "Where to write; standard output if not given.")
    private Path output;

    @Parameters(paramLabel = "PATH", description = "A folder written by 'run --report', its report.json, or its events.ndjson.")
    private Path path;

    @Override
    public Integer call() throws IOException {
        Report report = ReportFiles.read(path);
        String text = switch (format) {
            case "text" -> String.join("\n", ConsoleSummary.lines(report)) + "\n";
            case "json" -> json(report);
            case "html" -> ReportHtml.of(report);
            default -> throw new CliException(ExitCode.TROUBLE, "unknown format '" + format + "', known are html, json, text");
        };
        if (output != null) {
            ReportFiles.writeText(output, text);
        } else {
            spec.commandLine().getOut().print(text);
            spec.commandLine().getOut().flush();
        }
        return ExitCode.OK;
    }

    private static String json(Report report) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ReportJson.write(report, bytes);
        return bytes.toString(StandardCharsets.UTF_8);
    }
}

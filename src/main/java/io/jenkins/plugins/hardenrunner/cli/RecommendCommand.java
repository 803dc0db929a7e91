package io.jenkins.plugins.hardenrunner.cli;

import io.jenkins.plugins.hardenrunner.engine.policy.Endpoint;
import io.jenkins.plugins.hardenrunner.engine.recommend.Recommendation;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code harden-runner recommend}: the smallest allow list for one or several runs. */
@Command(name = "recommend", mixinStandardHelpOptions = true,
        description = "Prints the smallest policy that allows what the reports saw; what needs a review first is left out or commented.")
final class RecommendCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--format", defaultValue = "text",
            description = "text (default; one endpoint a line), jenkinsfile, jcasc, policy or github.")
    private String format;

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Folders, report.json or events.ndjson files, the oldest run first.")
    private List<Path> paths;

    @Override
    public Integer call() throws IOException {
        List<List<Recommendation.Observed>> builds = new ArrayList<>();
        for (Path path : paths) {
            List<Recommendation.Observed> observations = new ArrayList<>();
            for (Report.RecommendedEndpoint entry : ReportFiles.read(path).recommendation.allowedEndpoints) {
                observations.add(new Recommendation.Observed(Endpoint.parse(entry.endpoint), entry.count,
                        entry.firstSeen, entry.lastSeen, entry.note));
            }
            builds.add(observations);
        }
        Recommendation recommendation = Recommendation.ofBuilds(builds);
        String text = switch (format) {
            case "text" -> recommendation.text();
            case "jenkinsfile" -> recommendation.jenkinsfile();
            case "jcasc" -> recommendation.jcasc();
            case "policy" -> recommendation.policy();
            case "github" -> recommendation.github();
            default -> throw new CliException(ExitCode.TROUBLE,
                    "unknown format '" + format + "', known are github, jcasc, jenkinsfile, policy, text");
        };
        spec.commandLine().getOut().print(text);
        spec.commandLine().getOut().flush();
        long noted = recommendation.entries().stream().filter(entry -> entry.note() != null).count();
        if (noted > 0 && format.equals("text")) {
            spec.commandLine().getErr().println("harden-runner: " + noted + " more to review first; --format jenkinsfile shows them");
            spec.commandLine().getErr().flush();
        }
        return ExitCode.OK;
    }
}

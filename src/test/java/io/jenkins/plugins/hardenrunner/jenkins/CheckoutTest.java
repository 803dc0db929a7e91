package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import hudson.model.Result;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.ui.BlockSummary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.cps.CpsScmFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** {@code checkout scm} before the block, as every Jenkinsfile has it: what changes in the block is found, nothing else is. */
@WithJenkins
class CheckoutTest {
    private static final Path EXAMPLES = Path.of("examples").toAbsolutePath();

    /** The build without supervision comes first: one that does not work on this machine proves nothing. */
    private static final String CLEAN = """
            node {
              checkout scm
              sh './build.sh && git clean -xfdq'
              hardenRunner { sh './build.sh' }
              sh 'git clean -xfdq'
              checkout scm
              hardenRunner { sh './build.sh && echo "# tampered" >> build.sh' }
              sh 'git clean -xfdq'
              checkout scm
              catchError { hardenRunner(filePolicy: 'block') { sh './build.sh && echo "# tampered" >> build.sh' } }
              sh 'git diff --exit-code'
            }
            """;

    @TempDir
    private Path temporary;

    private WorkflowRun build(JenkinsRule r, Result expected, String jenkinsfile, Path... contents) throws Exception {
        Path origin = Files.createDirectory(temporary.resolve("origin"));
        for (Path content : contents) {
            copy(content, contents.length == 1 ? origin : origin.resolve(content.getFileName()));
        }
        Files.writeString(origin.resolve("Jenkinsfile"), jenkinsfile);
        git(origin, "init", "-q", "-b", "main");
        git(origin, "add", "-A");
        git(origin, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", "x");
        WorkflowJob job = r.createProject(WorkflowJob.class);
        job.setDefinition(new CpsScmFlowDefinition(new GitCheckout(origin.toUri().toString()), "Jenkinsfile"));
        WorkflowRun b = job.scheduleBuild2(0).get();
        Assumptions.assumeFalse(Builds.blocks(b).isEmpty(), "it does not build here without supervision either");
        return r.assertBuildStatus(expected, b);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files.filter(file -> !file.toString().contains("/node_modules"))::iterator) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }

    private static void git(Path folder, String... arguments) throws Exception {
        List<String> line = Stream.concat(Stream.of("git"), Stream.of(arguments)).toList();
        assertThat(new ProcessBuilder(line).directory(folder.toFile()).inheritIO().start().waitFor(), is(0));
    }

    /** Kind and file of each finding. */
    private static List<String> findings(Report report) {
        return report.findings.stream()
                .map(finding -> finding.kind + " " + String.valueOf(finding.evidence.path).replaceFirst(".*/(?=[^/]+/[^/]+$)", ""))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"npm", "maven", "c", "go", "python"})
    void anHonestBuildIsNotReportedAndAChangedSourceIs(String project, JenkinsRule r) throws Exception {
        WorkflowRun b = build(r, Result.FAILURE, CLEAN, EXAMPLES.resolve("clean").resolve(project));
        List<BlockSummary> blocks = Builds.blocks(b);
        Report clean = Builds.report(b, blocks.get(0));
        assertThat(findings(clean), empty());
        assertThat(clean.verdict, is("ok"));
        assertThat(clean.files.stream().filter(file -> file.changed).toList(), empty());
        Report tampered = Builds.report(b, blocks.get(1));
        assertThat(tampered.findings.stream().map(finding -> finding.kind).toList(), is(List.of("source-tampered")));
        assertThat(tampered.findings.get(0).message, containsString("/build.sh is under version control and was changed"));
        assertThat(tampered.fileSummary.changed, is(1L));
        Report refused = Builds.report(b, blocks.get(2));
        assertThat(refused.findings.stream().map(finding -> finding.kind).toList(), is(List.of("source-tampered")));
        assertThat(refused.findings.get(0).message, containsString("/build.sh was refused"));
        assertThat(refused.fileSummary.changed, is(0L));
        r.assertLogContains("build.sh: Permission denied", b);
        r.assertLogNotContains("+# tampered", b);
    }

    @Test
    void whatTheGoatsDependenciesDoIsFoundAndNothingElse(JenkinsRule r) throws Exception {
        String script = "node {\n checkout scm\n sh 'npm --version && python3 --version'\n"
                + " hardenRunner { dir('tamper-sources') { sh 'sh build.sh' } }\n}";
        WorkflowRun b = build(r, Result.SUCCESS, script, EXAMPLES.resolve("goat/scenarios/packages"),
                EXAMPLES.resolve("goat/scenarios/tamper-sources"));
        Report report = Builds.report(b);
        assertThat(findings(report), containsInAnyOrder(
                "source-tampered src/background.js", "source-tampered src/hardlink.js", "source-tampered src/mmap.js",
                "source-tampered src/rename.js", "source-tampered src/truncate.js", "source-tampered src/hook.js",
                "source-restored src/restored.js", "git-tampered hooks/post-checkout",
                "package-tampered goat-compiler/emit.js", "output-tampered dist/app.js"));
        assertThat(report.verdict, is("violated"));
        for (Report.Finding finding : report.findings) {
            if (!finding.evidence.path.endsWith("/hook.js")) { // changed by git, which ran the hook
                assertThat(finding.message, containsString("preinstall script of goat-evil-"));
            }
        }
    }

    @Test
    void withTheFilePolicyBlockTheGoatsSourcesStayAsTheyWereCheckedOut(JenkinsRule r) throws Exception {
        String script = "node {\n checkout scm\n sh 'npm --version && python3 --version'\n"
                + " catchError { hardenRunner(filePolicy: 'block') { dir('tamper-sources') { sh 'sh build.sh' } } }\n"
                + " sh 'git diff --exit-code && test ! -e .git/hooks/post-checkout'\n}";
        WorkflowRun b = build(r, Result.FAILURE, script, EXAMPLES.resolve("goat/scenarios/packages"),
                EXAMPLES.resolve("goat/scenarios/tamper-sources"));
        Report report = Builds.report(b);
        assertThat(report.files.stream().filter(file -> file.changed).toList(), empty());
        List<String> messages = report.findings.stream().map(finding -> finding.message).toList();
        for (String way : List.of("background", "hardlink", "hook", "mmap", "rename", "restored", "truncate")) {
            assertThat(messages, hasItem(containsString("was refused by the preinstall script of goat-evil-" + way + "@1.0.0")));
        }
        r.assertLogNotContains("TAMPERED", b);
        assertThat(b.getLog(1000), not(hasItem(containsString("diff --git"))));
    }
}

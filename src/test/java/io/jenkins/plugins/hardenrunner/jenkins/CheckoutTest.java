package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;

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
              echo 'CHECKED OUT'
              sh './build.sh && git clean -xfdq'
              echo 'BUILDS HERE'
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

    private WorkflowRun build(JenkinsRule r, Result expected, String jenkinsfile, Path content) throws Exception {
        Path origin = Files.createDirectory(temporary.resolve("origin"));
        copy(content, origin);
        Files.writeString(origin.resolve("Jenkinsfile"), jenkinsfile);
        git(origin, "init", "-q", "-b", "main");
        git(origin, "add", "-A");
        git(origin, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", "x");
        WorkflowJob job = r.createProject(WorkflowJob.class);
        job.setDefinition(new CpsScmFlowDefinition(new GitCheckout(origin.toUri().toString()), "Jenkinsfile"));
        WorkflowRun b = job.scheduleBuild2(0).get();
        r.assertLogContains("CHECKED OUT", b);
        Assumptions.assumeTrue(JenkinsRule.getLog(b).contains("BUILDS HERE"), "it does not build here without supervision either");
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

    /** Kind and file of each finding; that a change is new to the job too is told by one of its own, which adds nothing. */
    private static List<String> findings(Report report) {
        return report.findings.stream()
                .filter(finding -> !finding.kind.equals("baseline-deviation"))
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
        assertThat(findings(tampered), contains(matchesPattern("source-tampered .*/build[.]sh")));
        assertThat(tampered.findings.get(0).message, containsString("/build.sh is under version control and was changed"));
        assertThat(tampered.fileSummary.changed, is(1L));
        Report refused = Builds.report(b, blocks.get(2));
        assertThat(findings(refused), contains(matchesPattern("source-tampered .*/build[.]sh")));
        assertThat(refused.findings.get(0).message, containsString("/build.sh was refused"));
        assertThat(refused.fileSummary.changed, is(0L));
        r.assertLogContains("build.sh: Permission denied", b);
        r.assertLogNotContains("+# tampered", b);
    }

    /** The dependencies lie beside the workspace, as {@code ../packages}. */
    private static String goat(String steps) {
        return "node {\n checkout scm\n echo 'CHECKED OUT'\n sh 'npm --version && python3 --version'\n echo 'BUILDS HERE'\n"
                + "sh 'rm -rf ../packages && cp -R \"" + EXAMPLES + "/goat/scenarios/packages\" ../packages'\n" + steps + "\n}";
    }

    @Test
    void whatTheGoatsDependenciesDoIsFoundAndNothingElse(JenkinsRule r) throws Exception {
        WorkflowRun b = build(r, Result.SUCCESS, goat("hardenRunner { sh 'sh build.sh' }"), EXAMPLES.resolve("goat/scenarios/tamper-sources"));
        Report report = Builds.report(b);
        String confine = "install-script-would-confine ";
        assertThat(findings(report).stream().filter(found -> !found.startsWith(confine)).toList(), containsInAnyOrder(
                "source-tampered src/background.js", "source-tampered src/hardlink.js", "source-tampered src/mmap.js",
                "source-tampered src/rename.js", "source-tampered src/truncate.js", "source-tampered src/hook.js",
                "source-restored src/restored.js", "git-tampered hooks/post-checkout",
                "package-tampered goat-compiler/emit.js", "output-tampered dist/app.js"));
        // What they leave on the way, which block would refuse as well.
        assertThat(findings(report).stream().filter(found -> found.startsWith(confine)).toList(), containsInAnyOrder(
                confine + "node_modules/.door", confine + "node_modules/.compiled-meanwhile.js"));
        assertThat(report.verdict, is("violated"));
        for (Report.Finding finding : report.findings) {
            // That one was changed by git, which ran the hook.
            if (!finding.kind.equals("baseline-deviation") && !finding.evidence.path.endsWith("/hook.js")) {
                assertThat(finding.message, containsString("preinstall script of goat-evil-"));
            }
        }
    }

    @Test
    void withTheFilePolicyBlockTheGoatsSourcesStayAsTheyWereCheckedOut(JenkinsRule r) throws Exception {
        WorkflowRun b = build(r, Result.FAILURE, goat("catchError { hardenRunner(filePolicy: 'block') { sh 'sh build.sh' } }\n"
                + "sh 'git diff --exit-code && test ! -e .git/hooks/post-checkout'"), EXAMPLES.resolve("goat/scenarios/tamper-sources"));
        Report report = Builds.report(b);
        assertThat(report.files.stream().filter(file -> file.changed).toList(), empty());
        List<String> messages = report.findings.stream().map(finding -> finding.message).toList();
        for (String way : List.of("background", "hardlink", "hook", "mmap", "restored", "truncate")) {
            assertThat(messages, hasItem(containsString("was refused by the preinstall script of goat-evil-" + way + "@1.0.0")));
        }
        // Refused before a protected file is met: what is to take a source's place, and files that the build made.
        for (String way : List.of("rename", "plugin", "output")) {
            assertThat(messages, hasItem(containsString("was refused by the policy: the preinstall script of goat-evil-" + way
                    + "@1.0.0 may write in its own package only")));
        }
        r.assertLogNotContains("diff --git", b);
    }
}

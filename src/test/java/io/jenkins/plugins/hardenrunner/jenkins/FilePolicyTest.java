package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import hudson.model.Result;
import io.jenkins.plugins.hardenrunner.config.HardenRunnerConfiguration;
import io.jenkins.plugins.hardenrunner.config.PolicyDefinition;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Files that a block may not write or read. */
@WithJenkins
class FilePolicyTest {
    private static final String CHECKOUT = "sh 'rm -rf .git; echo one > tracked; git init -q && git add tracked"
            + " && git -c user.name=t -c user.email=t@example.com commit -q -m x'\n";

    @TempDir
    private Path folder;

    private static List<String> kinds(WorkflowRun b) throws Exception {
        Report report = Builds.report(b);
        return report.findings.stream().map(finding -> finding.kind).toList();
    }

    @Test
    void blockRefusesWritesToWhatGitTracksAndLeavesTheRestWritable(JenkinsRule r) throws Exception {
        WorkflowRun b = Builds.run(r, Result.FAILURE, "node {\n" + CHECKOUT
                + "try { hardenRunner(filePolicy: 'block') { sh 'echo fine > other; cat other; echo evil > tracked' } }\n"
                + "finally { sh 'echo content: $(cat tracked)' } }");
        r.assertLogContains("content: one", b);
        r.assertLogContains("tracked: Permission denied", b);
        assertThat(kinds(b), hasItem("source-tampered"));
    }

    @Test
    void expectedChangesAreListedAndAreNoFindings(JenkinsRule r) throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node {\n" + CHECKOUT
                + "hardenRunner(expectedChanges: ['tracked']) { sh 'echo two > tracked' } }");
        assertThat(kinds(b), not(hasItem("source-tampered")));
        assertThat(Builds.report(b).fileSummary.expected, is(1L));
        b = Builds.run(r, Result.SUCCESS, "node {\n" + CHECKOUT + "hardenRunner { sh 'echo two > tracked' } }");
        Report.Finding finding = Builds.report(b).findings.stream()
                .filter(found -> found.kind.equals("source-tampered")).findFirst().orElseThrow();
        assertThat(finding.remedy, containsString("hardenRunner(expectedChanges: ['tracked"));
        assertThat(finding.remedy, not(containsString("--expect-change")));
    }

    @Test
    void credentialsOfThePolicyAreNotRead(JenkinsRule r) throws Exception {
        Path secret = Files.writeString(folder.resolve("token"), "s3cr3t-in-the-file");
        PolicyDefinition policy = new PolicyDefinition("guarded");
        policy.setCredentialPolicy("block");
        policy.setCredentialPaths(secret.toRealPath().toString());
        HardenRunnerConfiguration.get().setPolicies(List.of(policy));
        WorkflowRun b = Builds.run(r, Result.FAILURE,
                "node { hardenRunner(policy: 'guarded', onViolation: 'fail') { sh 'cat " + secret.toRealPath() + "' } }");
        r.assertLogNotContains("s3cr3t-in-the-file", b);
        assertThat(kinds(b), hasItem("credential-access"));
        assertThat(Builds.report(b).policy.credentialPolicy, containsString("block"));
    }
}

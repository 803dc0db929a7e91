package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import hudson.model.Result;
import io.jenkins.plugins.hardenrunner.config.HardenRunnerConfiguration;
import io.jenkins.plugins.hardenrunner.config.PolicyDefinition;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
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

    /** What the button "Expected change" posts. */
    @Test
    void aChangeThatSomebodyExpectsNoLongerAlarmsAndStaysListed(JenkinsRule r) throws Exception {
        String script = "node {\n" + CHECKOUT + "hardenRunner { sh 'echo two > tracked' } }";
        WorkflowJob job = Builds.job(r, script);
        WorkflowRun first = r.buildAndAssertStatus(Result.SUCCESS, job);
        assertThat(Builds.report(first).verdict, is("violated"));
        assertThat(changeOf(first).severity, is("high"));
        String deviation = Builds.report(first).files.get(0).deviation;
        Reviews reviews = new Reviews(r, null);
        assertThat(reviews.post(job, "accept", "block", "default", "id", deviation, "comment", "the generator").getStatusCode(), is(200));
        WorkflowRun second = r.buildAndAssertStatus(Result.SUCCESS, job);
        assertThat(Builds.report(second).verdict, is("ok"));
        assertThat(changeOf(second).severity, is("info"));
        assertThat(changeOf(second).explanation, containsString("expects this: the generator"));
        Report.File file = Builds.report(second).files.get(0);
        assertThat(file.changed, is(true));
        assertThat(file.baseline, is("accepted"));
        assertThat(file.diff, containsString("+two"));
        job.setDefinition(new CpsFlowDefinition(script.replace("echo two > tracked", "sed -i s/one/three/ tracked"), true));
        WorkflowRun other = r.buildAndAssertStatus(Result.SUCCESS, job);
        assertThat("by another program", Builds.report(other).verdict, is("violated"));
    }

    private static Report.Finding changeOf(WorkflowRun b) throws Exception {
        return Builds.report(b).findings.stream().filter(found -> found.kind.equals("source-tampered")).findFirst().orElseThrow();
    }

    /** Neither the report nor anything else that the block leaves behind holds what stood in such a file, before or after. */
    @Test
    void ofTrackedFilesWithCredentialsOnlySizeAndDigestAreKept(JenkinsRule r) throws Exception {
        String names = ".env id_rsa .npmrc settings.js";
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node {\n"
                + "sh '''set +x; rm -rf .git; for f in " + names + "; do printf 'password = \"%s-the-change\"' s3cr3t-before > $f; done\n"
                + "git init -q; git add -f " + names + "; git -c user.name=t -c user.email=t@example.com commit -q -m x'''\n"
                + "hardenRunner { sh '''set +x; for f in " + names + "; do printf 'password = \"%s-the-change\"' s3cr3t-after0x > $f; done''' }\n}");
        Report report = Builds.report(b);
        assertThat(report.fileSummary.changed, is(4L));
        for (Report.File file : report.files.subList(0, 4)) {
            assertThat(file.path, file.diff, nullValue());
            assertThat(file.before, startsWith("blob:"));
            assertThat(file.after, startsWith("blob:"));
            assertThat(file.afterSize, is(file.beforeSize + 1));
        }
        try (Stream<Path> files = Files.walk(b.getRootDir().toPath().resolve("harden-runner"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                InputStream in = new ByteArrayInputStream(bytes);
                String text = new String(file.toString().endsWith(".gz") ? new GZIPInputStream(in).readAllBytes() : bytes,
                        StandardCharsets.ISO_8859_1);
                assertThat(file.toString(), text, not(containsString("s3cr3t-before-the-change")));
                assertThat(file.toString(), text, not(containsString("s3cr3t-after0x-the-change")));
            }
        }
    }
}

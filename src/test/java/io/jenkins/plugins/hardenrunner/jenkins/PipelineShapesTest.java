package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.FilePath;
import hudson.model.Result;
import hudson.util.Secret;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.ui.BlockSummary;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.support.steps.input.InputAction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Blocks beside, around and inside of other block steps. */
@WithJenkins
class PipelineShapesTest {
    private JenkinsRule r;
    private Local server;

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        r = rule;
        server = new Local();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** A command that the policy refuses, and which does not fail by itself. */
    private String violation() {
        return "sh(returnStatus: true, script: '" + server.curl() + "')";
    }

    private static String block(String body) {
        return "hardenRunner(egressPolicy: 'block', loopback: 'own') { " + body + " }";
    }

    @Test
    void eachAttemptOfRetryInsideIsALaunch() throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS,
                "node { hardenRunner { retry(3) { sh 'test -f second || { touch second; exit 1; }' } } }");
        assertThat(Builds.report(b).launches, is(2));
        assertThat(Builds.report(b).state, is("enforced"));
    }

    @Test
    void retryAroundABlockRunsItAnewAndSeesItsViolations() throws Exception {
        WorkflowRun b = Builds.run(r, Result.FAILURE, "node { retry(2) { " + block(violation()) + " } }");
        assertThat(Builds.blocks(b).stream().map(BlockSummary::getVerdict).toList(), contains("violated", "violated"));
        assertThat(server.requests(), is(0));
    }

    @Test
    void timeoutInsideAndAroundEndsTheCommand() throws Exception {
        for (String form : new String[] {
            "hardenRunner { timeout(time: 3, unit: 'SECONDS') { sh 'sleep 996' } }",
            "timeout(time: 3, unit: 'SECONDS') { hardenRunner { sh 'sleep 996' } }"
        }) {
            WorkflowRun b = Builds.run(r, Result.ABORTED, "node { " + form + " }");
            assertThat(form, Builds.report(b).launches, is(1));
            assertThat(form, Builds.report(b).integrity.intact, is(true));
            Builds.run(r, Result.SUCCESS, "node { sh '! ps -ef | grep \"[s]leep 996\"' }");
        }
    }

    @Test
    void violationsCanBeCaughtLikeOtherErrors() throws Exception {
        WorkflowRun caught = Builds.run(r, Result.UNSTABLE,
                "node { catchError(buildResult: 'UNSTABLE', stageResult: 'FAILURE') { " + block(violation()) + " }; echo 'went on' }");
        r.assertLogContains("went on", caught);
        WorkflowRun warned = Builds.run(r, Result.UNSTABLE,
                "node { warnError('hardening') { " + block(violation()) + " }; echo 'went on' }");
        r.assertLogContains("went on", warned);
        WorkflowRun tried = Builds.run(r, Result.SUCCESS,
                "node { try { " + block(violation()) + " } catch (e) { echo 'caught: ' + e.message } }");
        r.assertLogContains("caught: Harden Runner: the policy was violated", tried);
    }

    @Test
    void caughtErrorsInsideDoNotHideAViolation() throws Exception {
        WorkflowRun b = Builds.run(r, Result.FAILURE, "node { "
                + block("catchError(buildResult: 'SUCCESS') { sh '" + server.curl() + "' }; echo 'went on'") + " }");
        r.assertLogContains("went on", b);
        r.assertLogContains("ERROR: Harden Runner: the policy was violated", b);
    }

    @Test
    void boundCredentialsAreMaskedEverywhere() throws Exception {
        String secret = "swordfish-9f3a-plugh";
        SystemCredentialsProvider.getInstance().getCredentials()
                .add(new StringCredentialsImpl(CredentialsScope.GLOBAL, "token", "", Secret.fromString(secret)));
        String use = "sh 'sh -c \"true --token=$TOKEN\"; echo \"$TOKEN\" > file-$TOKEN; " + server.curl() + "?$TOKEN'";
        for (String form : new String[] {
            "withCredentials([string(credentialsId: 'token', variable: 'TOKEN')]) { hardenRunner(loopback: 'own') { " + use + " } }",
            "hardenRunner(loopback: 'own') { withCredentials([string(credentialsId: 'token', variable: 'TOKEN')]) { " + use + " } }"
        }) {
            WorkflowRun b = Builds.run(r, Result.SUCCESS, "node { " + form + " }");
            assertThat(form, filesWith(b.getRootDir(), secret), empty());
            Report report = Builds.report(b);
            assertThat(form, report.endpoints, hasSize(1));
            assertThat(form, report.processes.stream().anyMatch(p -> p.argv.contains("true --token=****")), is(true));
        }
    }

    private static List<String> filesWith(File folder, String text) throws Exception {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder.toPath())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                byte[] bytes = Files.readAllBytes(file);
                if (file.toString().endsWith(".gz")) {
                    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
                        bytes = in.readAllBytes();
                    }
                }
                if (new String(bytes, StandardCharsets.ISO_8859_1).contains(text)) {
                    found.add(file.toString());
                }
            }
        }
        return found;
    }

    @Test
    void inputInsideABlockWaitsAndGoesOnSupervised() throws Exception {
        WorkflowJob job = Builds.job(r, "node { hardenRunner { sh 'true'; input id: 'Go', message: 'go on?'; sh 'true' } }");
        WorkflowRun b = job.scheduleBuild2(0).waitForStart();
        r.waitForMessage("go on?", b);
        InputAction input = b.getAction(InputAction.class);
        input.getExecution("Go").proceed(null);
        r.assertBuildStatusSuccess(r.waitForCompletion(b));
        assertThat(Builds.report(b).launches, is(2));
        assertThat(Builds.report(b).state, is("enforced"));
    }

    @Test
    void inputThatIsRefusedEndsTheBlockWithItsReport() throws Exception {
        WorkflowJob job = Builds.job(r, "node { hardenRunner { sh 'true'; input id: 'Go', message: 'go on?'; sh 'true' } }");
        WorkflowRun b = job.scheduleBuild2(0).waitForStart();
        r.waitForMessage("go on?", b);
        b.getAction(InputAction.class).getExecution("Go").doAbort();
        r.assertBuildStatus(Result.ABORTED, r.waitForCompletion(b));
        assertThat(Builds.report(b).launches, is(1));
    }

    @Test
    void deletingTheTemporaryFolderAndTheWorkspaceLosesNoEvidence() throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS, """
                node { hardenRunner(loopback: 'own') {
                  sh '%s'
                  dir("${WORKSPACE}@tmp") { deleteDir() }
                  deleteDir()
                  sh 'true'
                } }""".formatted(server.curl()));
        Report report = Builds.report(b);
        assertThat(report.launches, is(2));
        assertThat(report.integrity.intact, is(true));
        assertThat(report.endpoints, hasSize(1));
    }

    @Test
    void foldersAndWorkspacesInsideABlockAreSupervised() throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS,
                "node { hardenRunner { dir('a/b') { sh 'pwd' }; ws('elsewhere') { sh 'pwd' }; dir('/tmp') { sh 'pwd' } } }");
        Report report = Builds.report(b);
        assertThat(report.launches, is(3));
        assertThat(report.state, is("enforced"));
        assertThat(report.launchDetails.get(2).cwd, is("/tmp"));
    }

    @Test
    void branchesWithBlocksOfTheirOwnHaveReportsOfTheirOwn() throws Exception {
        r.jenkins.setNumExecutors(2);
        WorkflowRun b = Builds.run(r, Result.FAILURE, "parallel one: { node { " + block(violation())
                + " } }, two: { node { " + block("sh 'true'") + " } }");
        assertThat(Builds.blocks(b).stream().map(BlockSummary::getVerdict).toList(), containsInAnyOrder("violated", "ok"));
        assertThat(server.requests(), is(0));
    }

    @Test
    void branchesInOneWorkspaceAnswerForTheirOwnChangesOnly() throws Exception {
        String wait = "while [ ! -f %s ]; do sleep 0.1; done";
        WorkflowRun b = Builds.run(r, Result.SUCCESS, """
                node {
                  sh 'git init -q . && echo one > index.js && git add . && git -c user.name=a -c user.email=a@example.com commit -qm x'
                  parallel early: {
                    hardenRunner { sh 'touch early; %s' }
                    sh 'touch over'
                  }, guilty: {
                    hardenRunner { sh '%s; %s; echo two >> index.js; touch changed; %s' }
                    sh 'touch done'
                  }, late: {
                    hardenRunner { sh 'touch late; %s' }
                  }
                }""".formatted(wait.formatted("changed"), wait.formatted("early"), wait.formatted("late"),
                wait.formatted("over"), wait.formatted("done")));
        // In the order in which they end: while the guilty one is open, itself, and after it.
        assertThat(Builds.blocks(b).stream().map(BlockSummary::getVerdict).toList(), contains("ok", "violated", "ok"));
    }

    @Test
    void buildsThatShareAnAgentKeepApart() throws Exception {
        r.jenkins.setNumExecutors(2);
        WorkflowJob job = Builds.job(r, "node { hardenRunner(loopback: 'own') {"
                + " sh \"echo here > started; while [ ! -f ${env.BUILD_NUMBER}.go ]; do sleep 0.1; done; " + server.curl() + "\" } }");
        job.setConcurrentBuild(true);
        WorkflowRun one = job.scheduleBuild2(0).waitForStart();
        r.waitForMessage("+ echo here", one);
        WorkflowRun two = job.scheduleBuild2(0).waitForStart();
        r.waitForMessage("+ echo here", two);
        FilePath second = r.jenkins.getWorkspaceFor(job).sibling(job.getName() + "@2");
        assertThat(second.isDirectory(), is(true));
        second.child("2.go").touch(0);
        r.assertBuildStatusSuccess(r.waitForCompletion(two));
        assertThat(Builds.report(two).launches, is(1));
        assertThat(Builds.report(two).endpoints, hasSize(1));
        assertThat(Builds.report(two).launchDetails.get(0).cwd, containsString("@2"));
        r.jenkins.getWorkspaceFor(job).child("1.go").touch(0);
        r.assertBuildStatusSuccess(r.waitForCompletion(one));
        assertThat(Builds.report(one).launches, is(1));
        assertThat(Builds.report(one).integrity.intact, is(true));
        assertThat(Builds.report(one).launchDetails.get(0).cwd, not(containsString("@2")));
    }
}

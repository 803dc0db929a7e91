package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.model.FreeStyleProject;
import hudson.model.Result;
import hudson.model.Run;
import hudson.model.Slave;
import hudson.tasks.Shell;
import hudson.util.Secret;
import io.jenkins.plugins.hardenrunner.config.HardenRunnerConfiguration;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.node.HardenRunnerAgents;
import io.jenkins.plugins.hardenrunner.node.HardenRunnerNodeProperty;
import io.jenkins.plugins.hardenrunner.step.HardenRunnerStep;
import io.jenkins.plugins.hardenrunner.ui.BlockSummary;
import io.jenkins.plugins.hardenrunner.wrapper.HardenRunnerBuildWrapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * The same two questions to every shape of a build: does audit let a request pass and report it, does block stop it? The
 * shapes are the rows of docs/compatibility.md, which {@link CompatibilityTest} compares with this list.
 */
@WithJenkins
class ShapeMatrixTest {
    /** HARDEN is the step with the policy of the mode, CURL a request that the policy does not name. */
    static final Map<String, String> PIPELINES = new LinkedHashMap<>();

    static {
        shape("block-in-node", "node { HARDEN { sh 'CURL' } }");
        shape("node-in-block", "HARDEN { node { sh 'CURL' } }");
        shape("second-node", "node { HARDEN { sh 'true'; node('other') { sh 'CURL' } } }");
        shape("status", "node { HARDEN { if (sh(returnStatus: true, script: 'CURL') == 0) { echo 'reached' } } }");
        shape("stdout", "node { HARDEN { echo sh(returnStdout: true, script: 'CURL') } }");
        shape("environment", "node { withEnv(['A=1']) { HARDEN { withEnv(['B=$2']) { sh 'CURL' } } } }");
        shape("credentials", "node { HARDEN { withCredentials([string(credentialsId: 'token', variable: 'TOKEN')]) { sh 'CURL' } } }");
        shape("credentials-around", "node { withCredentials([string(credentialsId: 'token', variable: 'TOKEN')]) { HARDEN { sh 'CURL' } } }");
        shape("dir", "node { HARDEN { dir('a/b') { sh 'CURL' } } }");
        shape("ws", "node { HARDEN { ws(\"${env.WORKSPACE}-elsewhere\") { sh 'CURL' } } }");
        shape("delete-dir", "node { HARDEN { sh 'true'; dir(\"${env.WORKSPACE}@tmp\") { deleteDir() }; deleteDir(); sh 'CURL' } }");
        shape("parallel-inside", "node { HARDEN { parallel a: { sh 'CURL' }, b: { sh 'CURL' } } }");
        shape("parallel-around", "parallel a: { node { HARDEN { sh 'CURL' } } }, b: { node { HARDEN { sh 'CURL' } } }");
        shape("nested", "node { HARDEN { hardenRunner(onViolation: 'warn') { sh 'CURL' } } }");
        shape("nested-outer-audit", "node { hardenRunner(onViolation: 'warn') { HARDEN { sh 'CURL' } } }");
        shape("retry-inside", "node { HARDEN { retry(2) { sh 'CURL' } } }");
        shape("retry-around", "node { retry(2) { HARDEN { sh 'CURL' } } }");
        shape("timeout-inside", "node { HARDEN { timeout(5) { sh 'CURL' } } }");
        shape("timeout-around", "node { timeout(5) { HARDEN { sh 'CURL' } } }");
        shape("catch-error-inside", "node { HARDEN { catchError(buildResult: 'SUCCESS') { sh 'CURL' } } }");
        shape("catch-error-around", "node { catchError { HARDEN { sh 'CURL' } } }");
        shape("warn-error-around", "node { warnError('x') { HARDEN { sh 'CURL' } } }");
        shape("try-inside", "node { HARDEN { try { sh 'CURL' } catch (e) { echo 'caught' } } }");
        shape("stage", "node { stage('s') { HARDEN { stage('t') { sh 'CURL' } } } }");
        shape("loop", "node { HARDEN { for (int i = 0; i < 3; i++) { sh 'CURL' } } }");
        shape("shebang", "node { HARDEN { sh '''#!/bin/bash -e\nCURL''' } }");
        shape("background", "node { HARDEN { sh 'CURL > out 2>&1 & wait $!' } }");
        shape("declarative-pipeline-options", "pipeline { agent any; options { HARDEN }; stages { stage('s') { steps { sh 'CURL' } } } }");
        shape("declarative-pipeline-options-agent-none",
                "pipeline { agent none; options { HARDEN }; stages { stage('s') { agent any; steps { sh 'CURL' } } } }");
        shape("declarative-stage-options", "pipeline { agent any; stages { stage('s') { options { HARDEN }; steps { sh 'CURL' } } } }");
        shape("declarative-stage-options-own-agent",
                "pipeline { agent none; stages { stage('s') { agent any; options { HARDEN }; steps { sh 'CURL' } } } }");
        shape("declarative-steps", "pipeline { agent any; stages { stage('s') { steps { HARDEN { sh 'CURL' } } } } }");
        shape("declarative-parallel", "pipeline { agent any; options { HARDEN }; stages { stage('p') { parallel {"
                + " stage('a') { steps { sh 'CURL' } }; stage('b') { agent any; steps { sh 'true' } } } } } }");
        shape("declarative-matrix", "pipeline { agent any; options { HARDEN }; stages { stage('m') { matrix {"
                + " axes { axis { name 'A'; values '1', '2' } }; stages { stage('s') { steps { sh 'CURL' } } } } } } }");
        shape("declarative-post", "pipeline { agent any; options { HARDEN }; stages { stage('s') { steps { echo 'x' };"
                + " post { always { sh 'CURL' } } } } }");
    }

    /** Shapes that are no Pipeline or have no step of ours; made in {@link #others}. */
    static final List<String> OTHERS = List.of("freestyle", "freestyle-two-steps", "node-property", "node-property-freestyle", "all-agents");

    private final List<String> wrong = new ArrayList<>();
    private JenkinsRule r;

    private static void shape(String id, String script) {
        PIPELINES.put(id, script);
    }

    @Test
    void auditLetsPassAndReportsInEveryShape(JenkinsRule rule) throws Exception {
        all(rule, "audit");
    }

    @Test
    void blockRefusesInEveryShape(JenkinsRule rule) throws Exception {
        all(rule, "block");
    }

    private void all(JenkinsRule rule, String mode) throws Exception {
        r = rule;
        r.jenkins.setNumExecutors(12);
        SystemCredentialsProvider.getInstance().getCredentials()
                .add(new StringCredentialsImpl(CredentialsScope.GLOBAL, "token", "", Secret.fromString("swordfish-9f3a-plugh")));
        Slave other = r.createOnlineSlave(r.jenkins.getLabel("other"));
        other.setNumExecutors(2);
        String harden = "hardenRunner(egressPolicy: '" + mode + "', loopback: 'own', onViolation: '"
                + (mode.equals("audit") ? "warn" : "fail") + "')";
        // All at once: a command of a Pipeline mostly waits.
        Map<String, Local> servers = new LinkedHashMap<>();
        Map<String, Run<?, ?>> builds = new LinkedHashMap<>();
        for (Map.Entry<String, String> shape : PIPELINES.entrySet()) {
            Local server = new Local();
            servers.put(shape.getKey(), server);
            String script = shape.getValue().replace("HARDEN", harden).replace("CURL", server.curl());
            builds.put(shape.getKey(), Builds.job(r, script).scheduleBuild2(0).waitForStart());
        }
        for (Map.Entry<String, Run<?, ?>> build : builds.entrySet()) {
            Local server = servers.get(build.getKey());
            check(build.getKey(), mode, r.waitForCompletion(build.getValue()), server, true);
            server.close();
        }
        others(mode, other);
        assertThat(String.join("\n", wrong), wrong.size(), is(0));
    }

    private void others(String mode, Slave other) throws Exception {
        for (String id : OTHERS) {
            try (Local server = new Local()) {
                other.getNodeProperties().removeAll(HardenRunnerNodeProperty.class);
                HardenRunnerAgents.get().setEgressPolicy("off");
                // Agents have no setting of their own for it.
                HardenRunnerConfiguration.get().setLoopback("own");
                Run<?, ?> b = switch (id) {
                    case "freestyle" -> freestyle(mode, null, server.curl());
                    case "freestyle-two-steps" -> freestyle(mode, null, "true", server.curl());
                    case "node-property" -> {
                        other.getNodeProperties().add(new HardenRunnerNodeProperty(mode));
                        yield pipeline("node('other') { sh '" + server.curl() + "' }");
                    }
                    case "node-property-freestyle" -> {
                        other.getNodeProperties().add(new HardenRunnerNodeProperty(mode));
                        yield freestyle(null, other, server.curl());
                    }
                    default -> {
                        HardenRunnerAgents.get().setEgressPolicy(mode);
                        yield pipeline("node('other') { sh '" + server.curl() + "' }");
                    }
                };
                check(id, mode, b, server, id.startsWith("freestyle"));
            }
        }
    }

    private Run<?, ?> pipeline(String script) throws Exception {
        return r.waitForCompletion(Builds.job(r, script).scheduleBuild2(0).waitForStart());
    }

    /** @param mode null for a job that asks for nothing */
    private Run<?, ?> freestyle(String mode, Slave agent, String... commands) throws Exception {
        FreeStyleProject job = r.createFreeStyleProject();
        if (agent != null) {
            job.setAssignedNode(agent);
        }
        if (mode != null) {
            HardenRunnerStep settings = new HardenRunnerStep();
            settings.setEgressPolicy(mode);
            settings.setOnViolation(mode.equals("audit") ? "warn" : "fail");
            job.getBuildWrappersList().add(new HardenRunnerBuildWrapper(settings));
        }
        for (String command : commands) {
            job.getBuildersList().add(new Shell(command));
        }
        return r.waitForCompletion(job.scheduleBuild2(0).waitForStart());
    }

    /** @param decides whether a violation decides the build's result by itself; on observed agents the command does */
    private void check(String id, String mode, Run<?, ?> b, Local server, boolean decides) throws Exception {
        boolean audit = mode.equals("audit");
        int refused = 0;
        int seen = 0;
        for (BlockSummary block : Builds.blocks(b)) {
            Report report = Builds.report(b, block);
            expect(id, "evidence", report.integrity.intact);
            for (Report.Endpoint endpoint : report.endpoints) {
                seen += endpoint.verdict.equals("would-block") ? 1 : 0;
                refused += endpoint.verdict.equals("blocked") ? 1 : 0;
            }
        }
        if (audit) {
            expect(id, "result " + b.getResult(), b.getResult() == Result.SUCCESS);
            expect(id, "requests " + server.requests(), server.requests() > 0);
            expect(id, "reported " + seen, seen > 0 && refused == 0);
        } else {
            expect(id, "result " + b.getResult(), b.getResult() != Result.SUCCESS || !decides);
            expect(id, "requests " + server.requests(), server.requests() == 0);
            expect(id, "refused " + refused, refused > 0);
        }
    }

    private void expect(String id, String what, boolean fine) {
        if (!fine) {
            wrong.add(id + ": " + what);
        }
    }
}

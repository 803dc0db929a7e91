package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import hudson.model.Result;
import io.jenkins.plugins.hardenrunner.config.HardenRunnerConfiguration;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.ui.BlockSummary;
import java.util.List;
import org.jenkinsci.plugins.workflow.actions.ArgumentsAction;
import org.jenkinsci.plugins.workflow.actions.WarningAction;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.graphanalysis.DepthFirstScanner;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class HardenRunnerStepTest {
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

    @Test
    void auditRecordsAndLetsThrough() throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS,
                "node { hardenRunner(loopback: 'own') { sh '" + server.curl() + "' } }");
        assertThat(server.requests(), is(1));
        Report report = Builds.report(b);
        assertThat(report.state, is("enforced"));
        assertThat(report.launches, is(1));
        assertThat(report.endpoints, hasSize(1));
        assertThat(report.endpoints.get(0).verdict, is("would-block"));
        assertThat(report.endpoints.get(0).address + ":" + report.endpoints.get(0).port, is(server.endpoint()));
        assertThat(report.launchDetails.get(0).step, startsWith("sh ("));
        r.assertLogContains("[harden-runner] ", b);
    }

    @Test
    void blockRefusesAndFailsTheStep() throws Exception {
        WorkflowRun b = Builds.run(r, Result.FAILURE, "node { hardenRunner(egressPolicy: 'block', loopback: 'own') {"
                + " sh(returnStatus: true, script: '" + server.curl() + "') } }");
        assertThat(server.requests(), is(0));
        Report report = Builds.report(b);
        assertThat(report.state, is("enforced"));
        assertThat(report.verdict, is("violated"));
        assertThat(report.endpoints.get(0).verdict, is("blocked"));
        // A hosts file may have a name for the address, which is then what the rule should say.
        Report.Endpoint row = report.endpoints.get(0);
        r.assertLogContains("allowedEndpoints: ['" + (row.name == null ? row.address : row.name) + ":" + row.port + "']", b);
    }

    @Test
    void allowedEndpointsAreListsOrTexts() throws Exception {
        String[] forms = {
            "['packages.example.com:443', '" + server.endpoint() + "']",
            "'packages.example.com:443 " + server.endpoint() + "'",
            "\"\"\"packages.example.com:443\n  " + server.endpoint() + "\"\"\""
        };
        for (String form : forms) {
            WorkflowRun b = Builds.run(r, Result.SUCCESS, "node { hardenRunner(egressPolicy: 'block', loopback: 'own',"
                    + " allowedEndpoints: " + form + ") { sh '" + server.curl() + "' } }");
            assertThat(Builds.report(b).endpoints.get(0).verdict, is("allowed"));
        }
        assertThat(server.requests(), is(forms.length));
    }

    @Test
    void blockedEndpointsAreRefusedInAudit() throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node { hardenRunner(blockedEndpoints: ['" + server.endpoint()
                + " # incident 7']) { sh(returnStatus: true, script: '" + server.curl() + "') } }");
        assertThat(server.requests(), is(0));
        assertThat(Builds.report(b).endpoints.get(0).verdict, is("blocked"));
        r.assertLogContains("incident 7", b);
    }

    @Test
    void commandsBehaveAsOutsideTheBlock() throws Exception {
        WorkflowRun b = Builds.run(r, Result.FAILURE, """
                node { hardenRunner {
                  echo "out=${sh(script: 'echo one; echo two >&2', returnStdout: true).trim()}"
                  echo "status=${sh(script: 'exit 7', returnStatus: true)}"
                  withEnv(['WORD=a b $c']) { sh 'echo "word=$WORD"; env | grep HARDEN_RUNNER || echo clean' }
                  dir('sub') { sh 'pwd' }
                  sh 'exit 3'
                } }""");
        r.assertLogContains("out=one", b);
        r.assertLogContains("status=7", b);
        r.assertLogContains("word=a b $c", b);
        r.assertLogContains("clean", b);
        r.assertLogContains("script returned exit code 3", b);
        Report report = Builds.report(b);
        assertThat(report.launches, is(5));
        assertThat(report.command, empty());
        assertThat(report.exitCode, nullValue());
        assertThat(report.launchDetails.get(1).command, contains("sh", "exit 7"));
    }

    @Test
    void commandIsTheStepsOwnAndItsStatusIsNotThatOfTheWrapper() throws Exception {
        WorkflowRun b = Builds.run(r, Result.FAILURE, "node { hardenRunner { sh 'echo a b; exit 3' } }");
        Report report = Builds.report(b);
        assertThat(report.command, contains("sh", "echo a b; exit 3"));
        assertThat(report.exitCode, nullValue());
        assertThat(report.launchDetails.get(0).exitCode, nullValue());
        assertThat(report.ended, not(nullValue()));
    }

    /** durable-task's wrapper looks every three seconds whether the script is over, and outlives it until then. */
    @Test
    void wrappersHeartbeatIsNoProcessThatIsStillRunning() throws Exception {
        for (String step : new String[] {"sh 'true'", "sh(returnStdout: true, script: 'echo text')", "sh '#!/bin/bash\\necho own'"}) {
            WorkflowRun b = Builds.run(r, Result.SUCCESS, "node { hardenRunner { " + step + "; sleep 1 } }");
            Report report = Builds.report(b);
            assertThat(step, report.coverage.stream().map(line -> line.subject).toList(), not(hasItem("processes still running")));
            assertThat(step, report.integrity.intact, is(true));
        }
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node { hardenRunner { sh 'sleep 990 > out 2>&1 &'; sleep 1 } }");
        assertThat(Builds.report(b).coverage.stream().map(line -> line.subject).toList(), hasItem("processes still running"));
    }

    @Test
    void remediesAreThoseOfAPipeline() throws Exception {
        WorkflowRun b = Builds.run(r, Result.FAILURE, "node { hardenRunner(egressPolicy: 'block', loopback: 'own') {"
                + " sh(returnStatus: true, script: '" + server.curl() + "') } }");
        r.assertLogContains("If it is meant, add it: hardenRunner(allowedEndpoints: ['", b);
        r.assertLogNotContains("--allow", b);
    }

    @Test
    void parallelBranchesAndSecondNodesAreSupervised() throws Exception {
        r.createSlave("other", "other", null);
        WorkflowRun b = Builds.run(r, Result.SUCCESS, """
                hardenRunner {
                  parallel a: { node('other') { sh 'echo a' } }, b: { stage('two') { node('built-in') { sh 'echo b' } } }
                }""");
        Report report = Builds.report(b);
        assertThat(report.launches, is(2));
        assertThat(report.launchDetails.stream().map(l -> l.node + " " + l.stage).sorted().toList(),
                contains("built-in two", "other a"));
    }

    @Test
    void eachBlockHasItsOwnReport() throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS,
                "node { hardenRunner { sh 'true' }\n hardenRunner { sh 'true'; sh 'true' } }");
        assertThat(Builds.blocks(b).stream().map(BlockSummary::getLaunches).toList(), contains(1, 2));
    }

    @Test
    void blockWithoutCommandsIsNotCalledSupervised() throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "hardenRunner { echo 'nothing' }");
        assertThat(Builds.report(b).verdict, is("not-supervised"));
        assertThat(Builds.report(b).state, is("off"));
    }

    @Test
    void mistakesFailBeforeAnythingRuns() throws Exception {
        String[][] mistakes = {
            {"egressPolicy: 'blok'", "did you mean 'block'?"},
            {"egressPolcy: 'block'", "hardenRunner has no parameter 'egressPolcy'"},
            {"allowedEndpoints: ['https://example.com/x']", "write 'example.com:443'"},
            {"blockedEndpoints: ['*']", "endpoint '*'"},
            {"dnsUpstream: 'dns.example.com'", "is not ADDRESS or ADDRESS:PORT"},
            {"onViolation: 'explode'", "'explode' is not a known"},
        };
        for (String[] mistake : mistakes) {
            WorkflowRun b = Builds.run(r, Result.FAILURE, "node { hardenRunner(" + mistake[0] + ") { sh 'echo ran-inside' } }");
            r.assertLogContains(mistake[1], b);
            r.assertLogNotContains("+ echo ran-inside", b);
        }
    }

    @Test
    void violationCanMakeTheBuildUnstableOrOnlyWarn() throws Exception {
        String body = ") { sh(returnStatus: true, script: '" + server.curl() + "') } }";
        WorkflowRun unstable = Builds.run(r, Result.UNSTABLE,
                "node { hardenRunner(egressPolicy: 'block', loopback: 'own', onViolation: 'unstable'" + body);
        r.assertLogNotContains("ERROR: Harden Runner", unstable);
        WorkflowRun warned = Builds.run(r, Result.SUCCESS,
                "node { hardenRunner(egressPolicy: 'block', loopback: 'own', onViolation: 'warn'" + body);
        r.assertLogContains("warning: Harden Runner: the policy was violated", warned);
    }

    @Test
    void stepsBehindAViolationAreMarked() throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS,
                "node { hardenRunner(egressPolicy: 'block', loopback: 'own', onViolation: 'warn') { sh 'true'; sh '"
                        + server.curl() + " || true' } }");
        List<FlowNode> marked = new DepthFirstScanner().allNodes(b.getExecution()).stream()
                .filter(node -> node.getPersistentAction(WarningAction.class) != null)
                .toList();
        assertThat(marked, hasSize(1));
        assertThat(ArgumentsAction.getFilteredArguments(marked.get(0)).get("script"), is(server.curl() + " || true"));
        assertThat(marked.get(0).getPersistentAction(WarningAction.class).getMessage(), containsString("was refused by curl"));
    }

    @Test
    void deviationDoesWhatThePolicySays() throws Exception {
        String body = "allowedEndpoints: 'packages.example.com', loopback: 'own') { sh '" + server.curl() + "' } }";
        WorkflowRun warned = Builds.run(r, Result.SUCCESS, "node { hardenRunner(" + body);
        assertThat(Builds.report(warned).verdict, is("deviates"));
        r.assertLogContains("warning: Harden Runner: the block did what is not expected of it", warned);
        Builds.run(r, Result.UNSTABLE, "node { hardenRunner(onDeviation: 'unstable', " + body);
        Builds.run(r, Result.FAILURE, "node { hardenRunner(onDeviation: 'fail', " + body);
        WorkflowRun ignored = Builds.run(r, Result.SUCCESS, "node { hardenRunner(onDeviation: 'ignore', " + body);
        r.assertLogNotContains("warning:", ignored);
    }

    @Test
    void violationDoesNotHideTheFailureOfTheBody() throws Exception {
        WorkflowRun b = Builds.run(r, Result.FAILURE, "node { hardenRunner(egressPolicy: 'block', loopback: 'own') {"
                + " sh(returnStatus: true, script: '" + server.curl() + "'); error 'the original error' } }");
        r.assertLogContains("ERROR: the original error", b);
    }

    @Test
    void administratorsMinimumAndListsHold() throws Exception {
        HardenRunnerConfiguration configuration = HardenRunnerConfiguration.get();
        configuration.setMinimumEgressPolicy("block");
        configuration.setLoopback("own");
        Builds.run(r, Result.FAILURE, "node { hardenRunner(egressPolicy: 'audit') { sh(returnStatus: true, script: '"
                + server.curl() + "') } }");
        assertThat(server.requests(), is(0));
        configuration.setAllowedEndpoints(server.endpoint());
        Builds.run(r, Result.SUCCESS, "node { hardenRunner { sh '" + server.curl() + "' } }");
        assertThat(server.requests(), is(1));
        configuration.setBlockedEndpoints(server.endpoint());
        Builds.run(r, Result.FAILURE, "node { hardenRunner(allowedEndpoints: ['" + server.endpoint()
                + "']) { sh(returnStatus: true, script: '" + server.curl() + "') } }");
        assertThat(server.requests(), is(1));
    }

    @Test
    void changedSourceIsFoundWithWhoChangedIt() throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS, """
                node {
                  sh 'git init -q . && echo one > index.js && git add . && git -c user.name=a -c user.email=a@example.com commit -qm x'
                  hardenRunner { sh 'echo two >> index.js; echo new > other.js' }
                }""");
        Report report = Builds.report(b);
        assertThat(report.verdict, is("violated"));
        assertThat(report.findings.stream().map(f -> f.kind).toList(), hasItem("source-tampered"));
        Report.File row = report.files.stream().filter(f -> f.path.endsWith("/index.js")).findFirst().orElseThrow();
        assertThat(row.tracked, is(true));
        assertThat(row.lineages, not(empty()));
    }

    @Test
    void secretsStayOutOfTheReport() throws Exception {
        WorkflowRun b = r.buildAndAssertSuccess(SecretParameter.job(r,
                "node { hardenRunner { sh 'sh -c \"true $PASSWORD\"' } }", "PASSWORD", "correct-horse-battery"));
        String json = new com.fasterxml.jackson.databind.ObjectMapper().writeValueAsString(Builds.report(b));
        assertThat(json.contains("correct-horse-battery"), is(false));
        assertThat(json.contains("****"), is(true));
    }
}

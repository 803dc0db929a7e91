package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import hudson.model.Result;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.ui.BlockSummary;
import java.util.ArrayList;
import java.util.List;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class NestedBlocksTest {
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

    private String curl() {
        return "sh(returnStatus: true, script: '" + server.curl() + "')";
    }

    /** Reports in the order in which blocks end: the inner one first. */
    private static List<Report> reports(WorkflowRun b) throws Exception {
        List<Report> reports = new ArrayList<>();
        for (BlockSummary block : Builds.blocks(b)) {
            reports.add(Builds.report(b, block));
        }
        return reports;
    }

    @Test
    void innerBlockTightensAnAudit() throws Exception {
        WorkflowRun b = Builds.run(r, Result.FAILURE, "node { hardenRunner(loopback: 'own') { " + curl()
                + "; hardenRunner(egressPolicy: 'block') { " + curl() + " } } }");
        assertThat(server.requests(), is(1));
        List<Report> reports = reports(b);
        assertThat(reports, hasSize(2));
        assertThat(reports.get(0).policy.egressPolicy, is("block"));
        assertThat(reports.get(0).endpoints.get(0).verdict, is("blocked"));
        // Loopback is judged because the outer block said so.
        assertThat(reports.get(0).policy.loopback, is("own"));
        assertThat(reports.get(1).endpoints.get(0).verdict, is("would-block"));
        assertThat(reports.get(1).launches, is(1));
        assertThat(reports.get(1).nested, hasSize(1));
        assertThat(reports.get(1).nested.get(0).verdict, is("violated"));
    }

    @Test
    void innerBlockCannotLoosenTheOuterOne() throws Exception {
        WorkflowRun b = Builds.run(r, Result.FAILURE, "node { hardenRunner(egressPolicy: 'block', loopback: 'own') {"
                + " hardenRunner(egressPolicy: 'audit', loopback: 'allow', onViolation: 'warn', allowedEndpoints: '"
                + server.endpoint() + "') { " + curl() + " } } }");
        assertThat(server.requests(), is(0));
        assertThat(reports(b).get(0).policy.egressPolicy, is("block"));
        assertThat(reports(b).get(0).endpoints.get(0).verdict, is("blocked"));
    }

    @Test
    void bothListsHaveToAllow() throws Exception {
        String inner = "hardenRunner(egressPolicy: 'block', onViolation: 'warn', allowedEndpoints: '%s') { " + curl() + " }";
        String outer = "node { hardenRunner(egressPolicy: 'block', loopback: 'own', onViolation: 'warn', allowedEndpoints: '"
                + server.endpoint() + " packages.example.com') { %s } }";
        Builds.run(r, Result.SUCCESS, String.format(outer, String.format(inner, server.endpoint())));
        assertThat(server.requests(), is(1));
        WorkflowRun b = Builds.run(r, Result.SUCCESS, String.format(outer, String.format(inner, "packages.example.com")));
        assertThat(server.requests(), is(1));
        assertThat(reports(b).get(0).verdict, is("violated"));
    }

    @Test
    void oneSupervisorAndTheInnerScope() throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node { hardenRunner { hardenRunner { hardenRunner { sh 'echo one' } } } }");
        List<Report> reports = reports(b);
        assertThat(reports, hasSize(3));
        assertThat(reports.stream().map(report -> report.launches).toList(), contains(1, 0, 0));
        assertThat(reports.stream().map(report -> report.state).toList(), contains("enforced", "enforced", "enforced"));
        assertThat(reports.stream().map(report -> report.verdict).toList(), contains("ok", "ok", "ok"));
        assertThat(reports.get(2).nested, hasSize(2));
        // Nothing among the processes is a helper that started another one.
        assertThat(reports.get(0).processes.stream().map(process -> process.exe).toList(),
                not(hasItem(endsWith("/harden-helper"))));
    }

    @Test
    void changesOfAnInnerBlockAreNotUnattributedInTheOuterOne() throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS, """
                node {
                  sh 'git init -q . && echo one > index.js && git add . && git -c user.name=a -c user.email=a@example.com commit -qm x'
                  hardenRunner { sh 'true'; hardenRunner { sh 'echo two >> index.js' } }
                }""");
        assertThat(reports(b).get(0).verdict, is("violated"));
        assertThat(reports(b).get(1).verdict, is("ok"));
        assertThat(reports(b).get(1).findings, empty());
    }

    @Test
    void outerCommandsAfterTheInnerBlockAreTheOuterBlocks() throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS,
                "node { hardenRunner { sh 'true'; hardenRunner { sh 'true' }; sh 'true' } }");
        assertThat(Builds.blocks(b).stream().map(BlockSummary::getLaunches).toList(), contains(1, 2));
    }
}

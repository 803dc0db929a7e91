package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import hudson.model.Item;
import hudson.model.Result;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.engine.report.ReportJson;
import io.jenkins.plugins.hardenrunner.ui.HardenRunnerTab;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import jenkins.model.Jenkins;
import jenkins.model.Tab;
import net.sf.json.JSONObject;
import org.htmlunit.Page;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.test.steps.SemaphoreStep;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class ReportPageTest {
    @Test
    void pageHasTheMountPointAndItsResources(JenkinsRule r) throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node { hardenRunner { sh 'true' } }");
        JenkinsRule.WebClient client = r.createWebClient().withJavaScriptEnabled(false);
        HtmlPage page = client.getPage(b, "harden-runner");
        assertThat(page.getElementById("harden-runner-report").getAttribute("data-report-url"),
                is("report?block=" + Builds.blocks(b).get(0).getId()));
        String html = page.getWebResponse().getContentAsString();
        assertThat(html, containsString("/plugin/harden-runner/js/main.js"));
        assertThat(html, containsString("/plugin/harden-runner/css/report.css"));
        // Both are really there.
        for (String resource : new String[] {"js/main.js", "css/report.css"}) {
            assertThat(client.goTo("plugin/harden-runner/" + resource, null).getWebResponse().getStatusCode(), is(200));
        }
    }

    @Test
    void buildPageLinksToTheReport(JenkinsRule r) throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node { hardenRunner { sh 'true' } }");
        HtmlPage page = r.createWebClient().withJavaScriptEnabled(false).getPage(b);
        assertThat(page.querySelector("#side-panel a[href$='/harden-runner']"), notNullValue());
        assertThat(page.querySelector("#main-panel a[href^='harden-runner/?block=']"), notNullValue());
        assertThat(b.getActions(Tab.class).stream().filter(HardenRunnerTab.class::isInstance).count(), is(1L));
    }

    @Test
    void buildsWithoutBlocksHaveNoPage(JenkinsRule r) throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "echo 'hello'");
        assertThat(b.getActions(Tab.class).stream().noneMatch(HardenRunnerTab.class::isInstance), is(true));
    }

    @Test
    void reportIsServedAsJsonAndConditionally(JenkinsRule r) throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node { hardenRunner { sh 'true' } }");
        JenkinsRule.WebClient client = r.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        Page report = client.goTo(b.getUrl() + "harden-runner/report", "application/json");
        Report read = ReportJson.read(new ByteArrayInputStream(report.getWebResponse().getContentAsString().getBytes("UTF-8")));
        assertThat(read.launches, is(1));
        assertThat(client.goTo(b.getUrl() + "harden-runner/report?block=../../build.xml", null).getWebResponse().getStatusCode(),
                is(404));
        client.addRequestHeader("If-None-Match", "\"" + Builds.blocks(b).get(0).getId() + "\"");
        assertThat(client.goTo(b.getUrl() + "harden-runner/report", null).getWebResponse().getStatusCode(), is(304));
    }

    @Test
    void runningBlockIsShownLive(JenkinsRule r) throws Exception {
        WorkflowJob p = r.createProject(WorkflowJob.class);
        p.setDefinition(new CpsFlowDefinition(
                "node { stage('Live') { hardenRunner { sh 'echo begun'; semaphore 'inside' } } }", true));
        WorkflowRun b = p.scheduleBuild2(0).waitForStart();
        SemaphoreStep.waitForStart("inside/1", b);
        JenkinsRule.WebClient client = r.createWebClient().withJavaScriptEnabled(false).withThrowExceptionOnFailingStatusCode(false);
        DomElement mount = ((HtmlPage) client.getPage(b, "harden-runner")).getElementById("harden-runner-report");
        assertThat(mount.getAttribute("data-live"), is("true"));
        String url = b.getUrl() + "harden-runner/" + mount.getAttribute("data-report-url");
        Report live = report(client, url);
        for (int tries = 0; tries < 60 && live.processes.isEmpty(); tries++) {
            Thread.sleep(500);
            live = report(client, url);
        }
        assertThat(live.processes, is(not(empty())));
        assertThat(live.launchDetails.get(0).stage, is("Live"));
        assertThat(live.ended, is(nullValue()));
        assertThat(live.exitCode, is(nullValue()));
        assertThat(live.integrity.intact, is(true));
        // Nothing of it may be taken for the block's result.
        assertThat(Builds.blocks(b), is(empty()));

        SemaphoreStep.success("inside/1", null);
        r.assertBuildStatusSuccess(r.waitForCompletion(b));
        assertThat(report(client, url).ended, is(notNullValue()));
        mount = ((HtmlPage) client.getPage(b, "harden-runner")).getElementById("harden-runner-report");
        assertThat(mount.getAttribute("data-live"), is("false"));
    }

    private static Report report(JenkinsRule.WebClient client, String url) throws Exception {
        Page page = client.goTo(url, "application/json");
        return ReportJson.read(new ByteArrayInputStream(page.getWebResponse().getContentAsString().getBytes("UTF-8")));
    }

    @Test
    void apiExportsTheSummary(JenkinsRule r) throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node { hardenRunner { sh 'true' } }");
        JSONObject json = r.getJSON(b.getUrl() + "api/json?tree=actions[blocks[verdict,state,launches]]").getJSONObject();
        assertThat(json.toString(), containsString("\"verdict\":\"ok\""));
        assertThat(json.toString(), containsString("\"launches\":1"));
    }

    @Test
    void historyMarksOnlyBuildsThatNeedALook(JenkinsRule r) throws Exception {
        WorkflowJob job = Builds.job(r, "node { hardenRunner { sh 'true' } }");
        r.buildAndAssertSuccess(job);
        JenkinsRule.WebClient client = r.createWebClient().withJavaScriptEnabled(false);
        String history = job.getUrl() + "buildHistory/ajax";
        assertThat(client.goTo(history, null).getWebResponse().getContentAsString(), not(containsString("Harden Runner:")));
        try (Local server = new Local()) {
            job.setDefinition(new CpsFlowDefinition("node { hardenRunner(egressPolicy: 'block', loopback: 'own', onViolation: 'warn')"
                    + " { sh(returnStatus: true, script: '" + server.curl() + "') }; hardenRunner { sh 'true' } }", true));
            WorkflowRun b = r.buildAndAssertSuccess(job);
            assertThat(client.goTo(history, null).getWebResponse().getContentAsString(),
                    containsString("Harden Runner: enforced, violated"));
            JSONObject json = r.getJSON(b.getUrl() + "api/json?tree=actions[state,verdict,blocks[verdict,blocked]]").getJSONObject();
            assertThat(json.toString(), containsString("\"state\":\"enforced\",\"verdict\":\"violated\""));
        }
    }

    @Test
    void reportNeedsReadPermission(JenkinsRule r) throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node { hardenRunner { sh 'true' } }");
        r.jenkins.setSecurityRealm(r.createDummySecurityRealm());
        r.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ).everywhere().to("stranger", "reader")
                .grant(Item.READ).everywhere().to("reader"));
        String url = b.getUrl() + "harden-runner/report";
        JenkinsRule.WebClient client = r.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        // The page that comes with the 403 leads on to the login form; it is not followed.
        JenkinsRule.WebClient anonymous = r.createWebClient()
                .withThrowExceptionOnFailingStatusCode(false).withJavaScriptEnabled(false);
        anonymous.setRefreshHandler((page, target, seconds) -> {});
        assertThat(anonymous.goTo(url, null).getWebResponse().getStatusCode(), is(403));
        assertThat(client.login("stranger").goTo(url, null).getWebResponse().getStatusCode(), is(404));
        assertThat(client.login("reader").goTo(url, null).getWebResponse().getStatusCode(), is(200));
    }

    @Test
    void buildRecordStaysSmallAndLoadsAgain(JenkinsRule r) throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node { hardenRunner { sh 'true' } }");
        String record = Files.readString(b.getRootDir().toPath().resolve("build.xml"));
        int begin = record.indexOf("<io.jenkins.plugins.hardenrunner.ui.HardenRunnerAction");
        int end = record.indexOf("</io.jenkins.plugins.hardenrunner.ui.HardenRunnerAction>");
        assertThat(begin, not(is(-1)));
        assertThat(end - begin, lessThan(1024));
        b.reload();
        assertThat(Builds.report(b).launches, is(1));
    }
}

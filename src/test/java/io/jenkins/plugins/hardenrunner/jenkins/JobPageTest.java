package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import hudson.model.Item;
import hudson.model.Result;
import hudson.model.Run;
import io.jenkins.plugins.hardenrunner.collect.JobStore;
import io.jenkins.plugins.hardenrunner.engine.baseline.Baseline;
import java.nio.file.Files;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.htmlunit.WebResponse;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The pages about jobs: who may see and change what, what they say, what they cost. */
@WithJenkins
class JobPageTest {
    private JenkinsRule r;
    private WorkflowJob job;
    private WorkflowRun build;

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        r = rule;
        build = Builds.run(r, Result.SUCCESS, "node { hardenRunner { sh 'true' } }");
        job = build.getParent();
    }

    private void secure() {
        r.jenkins.setSecurityRealm(r.createDummySecurityRealm());
        r.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ).everywhere().to("stranger", "reader", "owner", "manager")
                .grant(Item.READ).everywhere().to("reader", "owner", "manager")
                .grant(Item.CONFIGURE).everywhere().to("owner")
                .grant(Jenkins.MANAGE).everywhere().to("manager")
                .grant(Jenkins.ADMINISTER).everywhere().to("admin"));
    }

    @Test
    void pagesHaveTheirMountPointsAndLinks() throws Exception {
        JenkinsRule.WebClient client = r.createWebClient().withJavaScriptEnabled(false);
        HtmlPage page = client.getPage(job, "harden-runner");
        assertThat(page.getElementById("harden-runner-job").getAttribute("data-url"), is("data"));
        assertThat(page.getWebResponse().getContentAsString(), containsString("/plugin/harden-runner/js/job.js"));
        assertThat(client.getPage(job).querySelector("#side-panel a[href$='/harden-runner']"), notNullValue());
        HtmlPage all = client.goTo("manage/harden-runner/");
        assertThat(all.getElementById("harden-runner-jobs").getAttribute("data-url"), is("data"));
        HtmlPage report = client.getPage(build, "harden-runner");
        assertThat(report.getElementById("harden-runner-report").getAttribute("data-review-url"),
                is(r.contextPath + "/" + job.getUrl() + "harden-runner/"));
        assertThat(report.getElementById("harden-runner-report").getAttribute("data-may-review"), is("true"));
    }

    @Test
    void readersSeeAndOnlyThoseWhoConfigureTheJobReview() throws Exception {
        secure();
        String data = job.getUrl() + "harden-runner/data";
        assertThat(new Reviews(r, null).get(data).getStatusCode(), is(403));
        assertThat(new Reviews(r, "stranger").get(data).getStatusCode(), is(404));
        Reviews reader = new Reviews(r, "reader");
        assertThat(reader.data(job).getBoolean("mayReview"), is(false));
        Baseline before = JobStore.of(job).baseline();
        for (String action : new String[] {"accept", "unwanted", "remove", "acceptAll", "reset", "importBaseline", "seed"}) {
            assertThat(action, reader.post(job, action, "block", "default").getStatusCode(), is(403));
            Reviews owner = new Reviews(r, "owner");
            assertThat(action, owner.get(job.getUrl() + "harden-runner/" + action).getStatusCode(), is(405));
            assertThat(action, owner.post(job, action, false, "block", "default").getStatusCode(), is(403));
        }
        assertThat(JobStore.of(job).baseline(), is(before));
        Reviews owner = new Reviews(r, "owner");
        assertThat(owner.data(job).getBoolean("mayReview"), is(true));
        assertThat(owner.post(job, "acceptAll", "block", "default").getStatusCode(), is(200));
        assertThat(owner.data(job).getJSONArray("changelog").getJSONObject(0).getString("user"), is("owner"));
    }

    @Test
    void onlyAdministratorsSeeAllJobs() throws Exception {
        secure();
        for (String user : new String[] {null, "stranger", "owner", "manager"}) {
            assertThat(user, new Reviews(r, user).get("manage/harden-runner/data").getStatusCode(), is(403));
            assertThat(user, new Reviews(r, user).get("manage/harden-runner/").getStatusCode(), is(403));
        }
        assertThat(new Reviews(r, "admin").get("manage/harden-runner/data").getStatusCode(), is(200));
    }

    @Test
    void wrongReviewsSayWhatIsWrongAndChangeNothing() throws Exception {
        Reviews reviews = new Reviews(r, null);
        Baseline before = JobStore.of(job).baseline();
        assertThat(error(reviews.post(job, "accept", "id", "x"), 400), startsWith("block:"));
        assertThat(error(reviews.post(job, "accept", "block", "default", "id", "0123456789abcdef"), 404), containsString("no deviation"));
        assertThat(error(reviews.post(job, "accept", "block", "default", "protocol", "tcp", "host", "a.test", "port", "x"), 400), startsWith("port:"));
        assertThat(error(reviews.post(job, "accept", "block", "default", "path", "a", "until", "soon"), 400), startsWith("until:"));
        assertThat(error(reviews.post(job, "accept", "block", "default", "path", "a", "until", "2020-01-01"), 400), startsWith("until:"));
        assertThat(error(reviews.post(job, "unwanted", "block", "default", "protocol", "tcp", "host", "<img>", "port", "443"), 400),
                containsString("<img>"));
        assertThat(error(reviews.post(job, "remove", "block", "default", "id", "x"), 404), containsString("no entry"));
        assertThat(error(reviews.post(job, "reset", "block", "nowhere"), 404), containsString("nowhere"));
        assertThat(error(reviews.post(job, "seed", "from", "nowhere"), 400), startsWith("from:"));
        assertThat(error(reviews.post(job, "importBaseline", "document", "{}"), 400), containsString("not a baseline"));
        assertThat(JobStore.of(job).baseline(), is(before));
    }

    private static String error(WebResponse response, int status) {
        assertThat(response.getContentAsString(), response.getStatusCode(), is(status));
        return JSONObject.fromObject(response.getContentAsString()).getString("error");
    }

    @Test
    void whatIsExportedCanBeImported() throws Exception {
        Reviews reviews = new Reviews(r, null);
        reviews.post(job, "accept", "block", "default", "protocol", "tcp", "host", "a.test", "port", "443", "until", "2126-12-31");
        String document = reviews.get(job.getUrl() + "harden-runner/export").getContentAsString();
        reviews.post(job, "reset", "block", "default");
        assertThat(Reviews.block(reviews.data(job)).getJSONArray("entries").size(), is(0));
        assertThat(reviews.post(job, "importBaseline", "document", document).getStatusCode(), is(200));
        JSONObject entry = Reviews.block(reviews.data(job)).getJSONArray("entries").getJSONObject(0);
        assertThat(entry.getString("host") + " " + entry.getString("status"), is("a.test accepted"));
        assertThat(entry.getJSONObject("accepted").getString("until"), is("2127-01-01T00:00:00Z"));
    }

    @Test
    void apiOfJobAndBuildAreDocumentedFields() throws Exception {
        JSONObject ofJob = r.getJSON(job.getUrl() + "harden-runner/api/json").getJSONObject();
        assertThat(ofJob.getString("baseline") + ofJob.getInt("deviations") + ofJob.getString("verdict") + ofJob.getInt("build"), is("creating0ok1"));
        JSONObject ofBuild = r.getJSON(build.getUrl() + "harden-runner/api/json").getJSONObject();
        assertThat(ofBuild.getJSONArray("blocks").getJSONObject(0).getString("name"), is("default"));
        JSONObject all = JSONObject.fromObject(new Reviews(r, null).get("manage/harden-runner/data").getContentAsString());
        assertThat(all.getJSONObject("totals").getInt("creating"), is(1));
        assertThat(all.getJSONArray("jobs").getJSONObject(0).getString("supervision"), is("supervised"));
    }

    @Test
    void tablesAreServedAsCsv() throws Exception {
        WebResponse csv = new Reviews(r, null).get(build.getUrl() + "harden-runner/endpoints.csv");
        assertThat(csv.getStatusCode(), is(200));
        assertThat(csv.getContentType(), is("text/csv"));
        assertThat(csv.getResponseHeaderValue("Content-Disposition"), is("attachment; filename=endpoints.csv"));
        assertThat(csv.getContentAsString(), startsWith("name,address,port"));
        assertThat(new Reviews(r, null).get(build.getUrl() + "harden-runner/files.csv").getContentAsString(), startsWith("path,operation"));
        assertThat(new Reviews(r, null).get(build.getUrl() + "harden-runner/files.csv?block=../x").getStatusCode(), is(404));
    }

    @Test
    void dataIsSentOnceUnlessItChanges() throws Exception {
        JenkinsRule.WebClient client = r.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        String url = job.getUrl() + "harden-runner/data";
        client.addRequestHeader("If-None-Match", client.goTo(url, null).getWebResponse().getResponseHeaderValue("ETag"));
        assertThat(client.goTo(url, null).getWebResponse().getStatusCode(), is(304));
        new Reviews(r, null).post(job, "acceptAll", "block", "default");
        assertThat(client.goTo(url, null).getWebResponse().getStatusCode(), is(200));
    }

    @Test
    void oneBuildAddsLittleToItsRecord() throws Exception {
        String record = Files.readString(build.getRootDir().toPath().resolve("build.xml"));
        int begin = record.indexOf("<io.jenkins.plugins.hardenrunner");
        int end = record.lastIndexOf("</io.jenkins.plugins.hardenrunner");
        assertThat(end - begin, lessThan(2048));
    }

    @Test
    void jobWithoutItsSummaryHasNoPage() throws Exception {
        Run<?, ?> other = Builds.run(r, Result.SUCCESS, "echo 'x'");
        assertThat(r.createWebClient().withThrowExceptionOnFailingStatusCode(false)
                .goTo(other.getParent().getUrl() + "harden-runner/", null).getWebResponse().getStatusCode(), is(404));
        assertThat(JobStore.of(other.getParent()).summary(), nullValue());
    }
}

package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import hudson.model.Result;
import java.util.Set;
import net.sf.json.JSONArray;
import net.sf.json.JSONObject;
import org.htmlunit.WebResponse;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The policy that the last builds of a job would need, as the job's page offers it. */
@WithJenkins
class RecommendationPageTest {
    private static JSONObject recommendation(JenkinsRule r, WorkflowJob job, String query) throws Exception {
        WebResponse response = new Reviews(r, null).get(job.getUrl() + "harden-runner/recommendation" + query);
        assertThat(response.getContentAsString(), response.getStatusCode(), is(200));
        return JSONObject.fromObject(response.getContentAsString());
    }

    private static void script(WorkflowJob job, String commands) throws Exception {
        job.setDefinition(new CpsFlowDefinition("node { hardenRunner(loopback: 'own', onViolation: 'warn') { sh '''" + commands + "''' } }", true));
    }

    private static String port(Local server) {
        return server.endpoint().substring(server.endpoint().indexOf(':'));
    }

    @Test
    void lastBuildsGiveOnePolicyWithItsEvidenceAndLoadNoBuild(JenkinsRule r) throws Exception {
        try (Local one = new Local(); Local two = new Local()) {
            WorkflowJob job = r.createProject(WorkflowJob.class, "shop");
            script(job, one.curl());
            WorkflowRun first = r.buildAndAssertSuccess(job);
            script(job, one.curl() + "; " + two.curl());
            r.buildAndAssertSuccess(job);
            r.buildAndAssertSuccess(job);
            first.delete();
            r.jenkins.reload();
            job = r.jenkins.getItemByFullName("shop", WorkflowJob.class);
            new Reviews(r, null).get(job.getUrl() + "no-such-page");
            Set<Integer> byJenkins = Set.copyOf(job.getLazyBuildMixIn().getRunMap().getLoadedBuilds().keySet());

            JSONObject answer = recommendation(r, job, "?builds=3");
            assertThat(answer.getString("block"), is("default"));
            assertThat(answer.getJSONArray("builds").size(), is(2));
            JSONArray entries = answer.getJSONArray("entries");
            assertThat(entries.size(), is(2));
            JSONObject entry = entries.getJSONObject(0);
            assertThat(entry.getInt("count") + " in " + entry.getInt("builds"), is("2 in 2"));
            assertThat(entry.getString("firstSeen").compareTo(entry.getString("lastSeen")) < 0, is(true));
            for (String form : new String[] {"text", "jenkinsfile", "jcasc", "github"}) {
                assertThat(answer.getString(form), containsString(port(one)));
                assertThat(answer.getString(form), containsString(port(two)));
                assertThat(new Reviews(r, null).get(job.getUrl() + "harden-runner/recommendation?builds=3&format=" + form).getContentAsString(),
                        is(answer.getString(form)));
            }
            assertThat(answer.getString("jcasc"), containsString("- name: \"shop\""));
            assertThat(recommendation(r, job, "?builds=1").getJSONArray("builds").size(), is(1));
            assertThat(Set.copyOf(job.getLazyBuildMixIn().getRunMap().getLoadedBuilds().keySet()), is(byJenkins));
        }
    }

    @Test
    void whatSomebodyPutOnTheBlockListIsNotAllowedByPasting(JenkinsRule r) throws Exception {
        try (Local server = new Local()) {
            WorkflowJob job = r.createProject(WorkflowJob.class);
            script(job, server.curl());
            r.buildAndAssertSuccess(job);
            assertThat(recommendation(r, job, "").getString("text"), endsWith(port(server) + "\n"));
            // As the machine names it: its hosts file may have a name for the address.
            String seen = recommendation(r, job, "").getJSONArray("entries").getJSONObject(0).getString("endpoint");
            String[] host = seen.split(":");
            new Reviews(r, null).post(job, "unwanted", "block", "default", "protocol", "tcp", "host", host[0], "port", host[1], "comment", "ticket 7");
            JSONObject after = recommendation(r, job, "");
            assertThat(after.getString("text"), is(""));
            assertThat(after.getJSONArray("entries").getJSONObject(0).getString("note"), startsWith("on the job's block list: "));
            assertThat(after.getString("jenkinsfile"), containsString("// '" + seen));
        }
    }

    @Test
    void wrongQuestionsSayWhatIsWrong(JenkinsRule r) throws Exception {
        WorkflowJob job = Builds.run(r, Result.SUCCESS, "node { hardenRunner { sh 'true' } }").getParent();
        Reviews reviews = new Reviews(r, null);
        String url = job.getUrl() + "harden-runner/recommendation";
        assertThat(recommendation(r, job, "").getJSONArray("entries").size(), is(0));
        assertThat(error(reviews.get(url + "?builds=0"), 400), startsWith("builds: '0'"));
        assertThat(error(reviews.get(url + "?builds=x"), 400), startsWith("builds: 'x'"));
        assertThat(error(reviews.get(url + "?format=xml"), 400), startsWith("format: 'xml'"));
        assertThat(error(reviews.get(url + "?block=nowhere"), 404), is("no block 'nowhere'; there are: default"));
        assertThat(reviews.post(job, "recommendation").getStatusCode(), not(is(200)));
    }

    private static String error(WebResponse response, int status) {
        assertThat(response.getContentAsString(), response.getStatusCode(), is(status));
        return JSONObject.fromObject(response.getContentAsString()).getString("error");
    }
}

package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import hudson.model.Result;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.step.HardenRunnerStep;
import java.net.URL;
import java.util.List;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.util.NameValuePair;
import org.jenkinsci.plugins.pipeline.modeldefinition.generator.OptionsDirective;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What the pages that write Pipelines for people write is run, and does what was asked for. */
@WithJenkins
class GeneratorTest {
    private static final String WANTED = "packages.example.com:443 *.cdn.example.com:80,443\nit's.example.com:8080";

    /** As the pages send it; fields that were left alone come as empty texts. */
    private static JSONObject step(String allowed) {
        JSONObject step = new JSONObject();
        step.put("stapler-class", HardenRunnerStep.class.getName());
        step.put("$class", HardenRunnerStep.class.getName());
        step.put("egressPolicy", "block");
        step.put("allowedEndpoints", allowed);
        step.put("loopback", "own");
        step.put("onViolation", "");
        step.put("policy", "");
        step.put("name", "");
        return step;
    }

    private static String generated(JenkinsRule r, WorkflowJob job, String page, JSONObject json) throws Exception {
        JenkinsRule.WebClient wc = r.createWebClient();
        WebRequest request = new WebRequest(new URL(r.getURL(), job.getUrl() + page), HttpMethod.POST);
        request.setRequestParameters(List.of(new NameValuePair("json", json.toString())));
        wc.addCrumb(request);
        return wc.getPage(request).getWebResponse().getContentAsString().trim();
    }

    private static void assertHolds(JenkinsRule r, String script) throws Exception {
        try (Local server = new Local()) {
            WorkflowRun b = Builds.run(r, Result.FAILURE, script.replace("CURL", server.curl()));
            Report report = Builds.report(b);
            assertThat(script, server.requests(), is(0));
            assertThat(script, report.verdict, is("violated"));
            assertThat(script, report.policy.egressPolicy, is("block"));
            assertThat(script, report.policy.rules.stream().map(rule -> rule.endpoint).toList().toString(),
                    containsString("cdn.example.com"));
        }
    }

    @Test
    void snippetsRun(JenkinsRule r) throws Exception {
        WorkflowJob job = Builds.job(r, "");
        String snippet = generated(r, job, "pipeline-syntax/generateSnippet", step(WANTED.replace("it's.example.com", "its.example.com")));
        assertThat(snippet, startsWith("hardenRunner("));
        assertThat(snippet, not(containsString("onViolation")));
        assertHolds(r, "node { " + snippet.replace("// some block", "sh 'CURL'") + " }");
    }

    @Test
    void directivesRunInPipelinesAndStages(JenkinsRule r) throws Exception {
        WorkflowJob job = Builds.job(r, "");
        JSONObject directive = new JSONObject();
        directive.put("stapler-class", OptionsDirective.class.getName());
        directive.put("$class", OptionsDirective.class.getName());
        directive.put("options", step("packages.example.com:443 *.cdn.example.com:80,443"));
        String options = generated(r, job, "directive-generator/generateDirective", directive);
        assertThat(options, startsWith("options {\n"));
        String stage = "stage('s') { %s steps { sh 'CURL' } }";
        assertHolds(r, "pipeline { agent any\n" + options + "\nstages { " + stage.formatted("") + " } }");
        assertHolds(r, "pipeline { agent none\nstages { " + stage.formatted("agent any\n" + options + "\n") + " } }");
    }

    /** What cannot work is refused when it is run, with the place, however it was written. */
    @Test
    void mistakesInFormsShowWhenTheCodeRuns(JenkinsRule r) throws Exception {
        String snippet = generated(r, Builds.job(r, ""), "pipeline-syntax/generateSnippet", step(WANTED));
        WorkflowRun b = Builds.run(r, Result.FAILURE, "node { " + snippet.replace("// some block", "sh 'echo ran-inside'") + " }");
        r.assertLogContains("it's.example.com", b);
        r.assertLogNotContains("ran-inside", b);
    }
}

package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import hudson.model.Result;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.yaml.YamlSource;
import io.jenkins.plugins.hardenrunner.collect.JobStore;
import io.jenkins.plugins.hardenrunner.config.HardenRunnerConfiguration;
import io.jenkins.plugins.hardenrunner.config.PolicyDefinition;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** The pages' scripts in a real browser, under the Content-Security-Policy that core enforces if an administrator wants it. */
@WithJenkins
class BrowserTest {
    private JenkinsRule r;

    @BeforeEach
    void enforcePolicy(JenkinsRule rule) throws Exception {
        r = rule;
        configure("security:\n  contentSecurityPolicy:\n    enforce: true\n");
    }

    private static void configure(String yaml) throws Exception {
        ConfigurationAsCode.get().configureWith(YamlSource.of(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void aDeviationIsAcceptedByClick() throws Exception {
        configure("security:\n  hardenRunnerBaseline:\n    requiredBuilds: 1\n");
        try (Local known = new Local(); Local other = new Local()) {
            WorkflowJob job = r.createProject(WorkflowJob.class, "shop");
            build(job, known.curl());
            WorkflowRun deviating = build(job, known.curl() + "\n" + other.curl());
            assertThat(JobStore.of(job).baseline().block("default").deviations(), hasSize(1));
            Browser.play("review", r.getURL() + deviating.getUrl(), r.getURL() + job.getUrl());
            assertThat(JobStore.of(job).baseline().block("default").deviations(), is(empty()));
            assertThat(Builds.report(build(job, known.curl() + "\n" + other.curl())).verdict, is("ok"));
            Browser.play("jobs", r.getURL().toString());
        }
    }

    private WorkflowRun build(WorkflowJob job, String commands) throws Exception {
        job.setDefinition(new CpsFlowDefinition("node { hardenRunner(loopback: 'own') { sh '''" + commands + "''' } }", true));
        return r.buildAndAssertStatus(Result.SUCCESS, job);
    }

    @Test
    void inputsOfTheGitHubActionArePastedIntoAPolicy() throws Exception {
        configure("security:\n  hardenRunner:\n    policies:\n      - name: \"shop\"\n        allowedEndpoints: \"a.example:443 # known\"\n");
        Browser.play("paste", r.getURL().toString());
        PolicyDefinition policy = HardenRunnerConfiguration.get().getPolicies().get(0);
        assertThat(policy.getAllowedEndpoints().lines().toList(), is(List.of("a.example:443 # known", "b.example:443")));
        assertThat(policy.getEgressPolicy(), is("block"));
    }
}

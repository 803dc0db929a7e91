package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hudson.util.FormValidation;
import io.jenkins.plugins.hardenrunner.config.HardenRunnerConfiguration;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.step.HardenRunnerStep;
import java.net.HttpURLConnection;
import java.net.URL;
import jenkins.model.GlobalConfigurationCategory;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.cps.SnippetizerTester;
import org.jenkinsci.plugins.workflow.steps.StepConfigTester;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class ConfigurationTest {
    @Test
    void globalFormRoundTrip(JenkinsRule r) throws Exception {
        HardenRunnerConfiguration before = HardenRunnerConfiguration.get();
        before.setEgressPolicy("block");
        before.setMinimumEgressPolicy("audit");
        before.setFilePolicy("off");
        before.setLoopback("own");
        before.setAllowedEndpoints("packages.example.com:443\n*.mirror.example.com:80,443");
        before.setBlockedEndpoints("bad.example.com # incident");
        submit(r);
        before.load();
        HardenRunnerConfiguration after = HardenRunnerConfiguration.get();
        assertThat(after.getEgressPolicy(), is("block"));
        assertThat(after.getMinimumEgressPolicy(), is("audit"));
        assertThat(after.getFilePolicy(), is("off"));
        assertThat(after.getLoopback(), is("own"));
        assertThat(after.getAllowedEndpoints(), is("packages.example.com:443\n*.mirror.example.com:80,443"));
        assertThat(after.getBlockedEndpoints(), is("bad.example.com # incident"));
        after.setAllowedEndpoints("");
        submit(r);
        assertThat(after.getAllowedEndpoints(), nullValue());
    }

    private static void submit(JenkinsRule r) throws Exception {
        HtmlForm form = r.createWebClient().goTo("configureSecurity").getFormByName("config");
        r.submit(form);
    }

    @Test
    void listsThatDoNotParseAreNotStored(JenkinsRule r) {
        HardenRunnerConfiguration configuration = HardenRunnerConfiguration.get();
        assertThrows(PolicyException.class, () -> configuration.setAllowedEndpoints("good.example.com bad..example.com"));
        assertThrows(PolicyException.class, () -> configuration.setBlockedEndpoints("*"));
        assertThrows(PolicyException.class, () -> configuration.setMinimumEgressPolicy("none"));
        assertThat(configuration.getAllowedEndpoints(), nullValue());
        assertThat(configuration.getBlockedEndpoints(), nullValue());
        assertThat(configuration.getMinimumEgressPolicy(), is("audit"));
    }

    @Test
    void formChecksNameThePlace(JenkinsRule r) {
        FormValidation validation =
                HardenRunnerConfiguration.get().doCheckAllowedEndpoints("good.example.com https://bad.example.com/x");
        assertThat(validation.kind, is(FormValidation.Kind.ERROR));
        assertThat(validation.getMessage(), containsString("character 18"));
        assertThat(HardenRunnerConfiguration.get().doCheckBlockedEndpoints("a.example.com # why").kind,
                is(FormValidation.Kind.OK));
    }

    @Test
    void formChecksArePostedByAdministratorsOnly(JenkinsRule r) throws Exception {
        r.jenkins.setSecurityRealm(r.createDummySecurityRealm());
        r.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER).everywhere().to("admin")
                .grant(Jenkins.READ, Jenkins.MANAGE).everywhere().to("manager"));
        String check = "descriptorByName/" + HardenRunnerConfiguration.class.getName() + "/checkAllowedEndpoints?value=x";
        JenkinsRule.WebClient client = r.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        // Stapler passes over a @POST method when the request is none, and finds nothing else of that name.
        assertThat(client.login("admin").goTo(check, null).getWebResponse().getStatusCode(),
                is(HttpURLConnection.HTTP_NOT_FOUND));
        assertThat(post(client, r, check), is(HttpURLConnection.HTTP_OK));
        assertThat(post(r.createWebClient().withThrowExceptionOnFailingStatusCode(false).login("manager"), r, check),
                is(HttpURLConnection.HTTP_FORBIDDEN));
    }

    private static int post(JenkinsRule.WebClient client, JenkinsRule r, String path) throws Exception {
        Page page = client.getPage(client.addCrumb(new WebRequest(new URL(r.getURL(), path), HttpMethod.POST)));
        return page.getWebResponse().getStatusCode();
    }

    @Test
    void standsOnTheSecurityPage(JenkinsRule r) throws Exception {
        assertThat(HardenRunnerConfiguration.get().getCategory() instanceof GlobalConfigurationCategory.Security, is(true));
        HtmlPage page = r.createWebClient().goTo("configureSecurity");
        assertThat(page.asNormalizedText(), containsString("Minimum egress policy"));
    }

    @Test
    void stepRoundTrip(JenkinsRule r) throws Exception {
        HardenRunnerStep step = new HardenRunnerStep();
        step.setEgressPolicy("BLOCK");
        step.setAllowedEndpoints("packages.example.com:443");
        step.setFilePolicy("off");
        step.setProtectedPaths("*.gradle");
        step.setOnViolation("unstable");
        step.setOnDeviation("ignore");
        step.setOnUnsupported("fail");
        step.setLoopback("own");
        step.setDnsUpstream("127.0.0.1:53");
        HardenRunnerStep after = new StepConfigTester(r).configRoundTrip(step);
        r.assertEqualDataBoundBeans(step, after);
        assertThat(after.getEgressPolicy(), is("block"));
        HardenRunnerStep empty = new StepConfigTester(r).configRoundTrip(new HardenRunnerStep());
        r.assertEqualDataBoundBeans(new HardenRunnerStep(), empty);
    }

    @Test
    void snippets(JenkinsRule r) throws Exception {
        HardenRunnerStep step = new HardenRunnerStep();
        step.setEgressPolicy("block");
        step.setAllowedEndpoints("packages.example.com:443");
        new SnippetizerTester(r).assertRoundTrip(
                step,
                "hardenRunner(allowedEndpoints: 'packages.example.com:443', egressPolicy: 'block') {\n    // some block\n}");
        new SnippetizerTester(r).assertRoundTrip(new HardenRunnerStep(), "hardenRunner {\n    // some block\n}");
        SnippetizerTester.assertDocGeneration(HardenRunnerStep.class);
    }
}

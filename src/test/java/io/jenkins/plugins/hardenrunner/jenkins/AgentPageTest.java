package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import hudson.model.Computer;
import hudson.model.Slave;
import java.net.URL;
import jenkins.model.Jenkins;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlPage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.InboundAgentExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** Administrators see on an agent's page what would be enforced there, before any build finds out. */
@WithJenkins
class AgentPageTest {
    @RegisterExtension
    private static final InboundAgentExtension AGENTS = new InboundAgentExtension();

    private JenkinsRule r;
    private Slave agent;

    @BeforeEach
    void connect(JenkinsRule rule) throws Throwable {
        r = rule;
        agent = AGENTS.createAgent(r, InboundAgentExtension.Options.newBuilder().name("remote").webSocket().build());
        Builds.awaitProbe(agent.toComputer());
    }

    private HtmlPage page(String user, String url) throws Exception {
        JenkinsRule.WebClient wc = r.createWebClient();
        wc.getOptions().setJavaScriptEnabled(false);
        return (user == null ? wc : wc.login(user)).goTo(url);
    }

    @Test
    void agentsAreAskedWhenTheyConnect() throws Exception {
        String text = page(null, "computer/remote/harden-runner/").asNormalizedText();
        assertThat(text, allOf(
                containsString("enforced: everything that a policy can ask for"), containsString("ABI "),
                containsString("user notification yes"), containsString(System.getProperty("os.version"))));
        assertThat(page(null, "computer/remote/").asNormalizedText(), containsString("Harden Runner: enforced"));
    }

    @Test
    void theBuiltInNodeIsAnAgentLikeOthers() throws Exception {
        Builds.awaitProbe(r.jenkins.toComputer());
        assertThat(page(null, "computer/(built-in)/harden-runner/").asNormalizedText(), containsString("enforced: everything"));
    }

    @Test
    void whatCannotBeInstalledIsSaidAndAskedAgain() throws Exception {
        Builds.obstructHelper(agent);
        JenkinsRule.WebClient wc = r.createWebClient();
        HtmlPage page = wc.goTo("computer/remote/harden-runner/");
        page = r.submit(page.getFormByName("ask"));
        assertThat(page.asNormalizedText(), allOf(
                containsString("off: nothing can be supervised on this agent"), containsString("the helper cannot be installed under")));
        assertThat(wc.goTo("manage/harden-runner/data", "application/json").getWebResponse().getContentAsString(),
                containsString("\"name\":\"remote\",\"state\":\"off\""));
        agent.getRootPath().child("harden-runner").delete();
        assertThat(r.submit(page.getFormByName("ask")).asNormalizedText(), containsString("enforced: everything"));
        assertThat(wc.goTo("manage/harden-runner/data", "application/json").getWebResponse().getContentAsString(),
                not(containsString("\"name\":\"remote\"")));
    }

    @Test
    void onlyThoseWhoMayReadTheConfigurationSeeIt() throws Exception {
        r.jenkins.setSecurityRealm(r.createDummySecurityRealm());
        r.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.ADMINISTER).everywhere().to("admin")
                .grant(Jenkins.READ).everywhere().to("reader", "reading")
                .grant(Computer.EXTENDED_READ).everywhere().to("reading"));
        Computer.EXTENDED_READ.setEnabled(true);
        try {
            assertThat(page("admin", "computer/remote/harden-runner/").asNormalizedText(), containsString("Ask again"));
            HtmlPage reading = page("reading", "computer/remote/harden-runner/");
            assertThat(reading.asNormalizedText(), allOf(containsString("enforced"), not(containsString("Ask again"))));
            assertThat(status("reading", HttpMethod.POST, "ask"), is(403));
            assertThat(status("admin", HttpMethod.GET, "ask"), is(404)); // nothing to see, only to do
            assertThat(status("reader", HttpMethod.GET, ""), is(404));
        } finally {
            Computer.EXTENDED_READ.setEnabled(false);
        }
    }

    private int status(String user, HttpMethod method, String page) throws Exception {
        JenkinsRule.WebClient wc = r.createWebClient().login(user).withThrowExceptionOnFailingStatusCode(false);
        WebRequest request = new WebRequest(new URL(r.getURL(), "computer/remote/harden-runner/" + page), method);
        wc.addCrumb(request);
        return wc.getPage(request).getWebResponse().getStatusCode();
    }
}

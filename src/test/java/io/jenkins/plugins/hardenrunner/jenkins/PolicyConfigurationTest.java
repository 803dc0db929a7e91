package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hudson.util.FormValidation;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.yaml.YamlSource;
import io.jenkins.plugins.hardenrunner.config.BlockListFeed;
import io.jenkins.plugins.hardenrunner.config.HardenRunnerConfiguration;
import io.jenkins.plugins.hardenrunner.config.PolicyDefinition;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.sf.json.JSONObject;
import org.htmlunit.FailingHttpStatusCodeException;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.DomElement;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.util.NameValuePair;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class PolicyConfigurationTest {
    private static final Path EXAMPLE = Path.of("examples/policies/jenkins.yaml");

    private static String export() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(out);
        String all = out.toString(StandardCharsets.UTF_8);
        int from = all.indexOf("\n  hardenRunner:") + 1;
        assertThat(all, from, not(is(0)));
        StringBuilder own = new StringBuilder("security:\n");
        own.append("  hardenRunner:\n");
        for (String line : all.substring(all.indexOf('\n', from) + 1).split("\n")) {
            if (!line.startsWith("    ") && !line.isBlank()) {
                break;
            }
            own.append(line).append('\n');
        }
        return own.toString();
    }

    private static void configure(String yaml) throws Exception {
        ConfigurationAsCode.get().configureWith(YamlSource.of(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))));
    }

    private static HtmlForm form(JenkinsRule r) throws Exception {
        return r.createWebClient().goTo("configureSecurity").getFormByName("config");
    }

    @Test
    void theExampleIsTakenAndExportedSoThatItIsTakenAgain(JenkinsRule r) throws Exception {
        configure(Files.readString(EXAMPLE));
        HardenRunnerConfiguration configuration = HardenRunnerConfiguration.get();
        assertThat(configuration.getPolicies(), hasSize(3));
        assertThat(configuration.getPolicies().get(1).getExtends(), is("organisation pypi"));
        assertThat(configuration.getFeeds().get(0).getLocation(), is("https://feeds.example.com/endpoints.txt"));
        assertThat(configuration.getLimitEvents(), is(500000));
        String exported = export();
        assertThat(exported, containsString("extends: \"organisation pypi\""));
        configuration.setPolicies(List.of());
        configuration.setFeeds(List.of());
        configuration.setLimited(false);
        configuration.setBlockedEndpoints(null);
        configuration.setLimitEvents(null);
        assertThat(export(), not(is(exported)));
        configure(exported);
        assertThat(export(), is(exported));
    }

    @Test
    void theFormKeepsEverything(JenkinsRule r) throws Exception {
        configure(Files.readString(EXAMPLE));
        HardenRunnerConfiguration configuration = HardenRunnerConfiguration.get();
        configuration.setInbound("loopback");
        configuration.setSni("off");
        configuration.setMinimumInbound("loopback");
        configuration.setMinimumSni("check");
        String before = export();
        for (String line : List.of("inbound: \"loopback\"", "sni: \"off\"", "minimumInbound: \"loopback\"", "minimumSni: \"check\"",
                "minimumMetadata: \"deny\"")) {
            assertThat(before, containsString(line));
        }
        r.submit(form(r));
        assertThat(export(), is(before));
        configuration.load();
        assertThat(export(), is(before));
    }

    @Test
    void theLastEntriesCanBeDeleted(JenkinsRule r) throws Exception {
        HardenRunnerConfiguration configuration = HardenRunnerConfiguration.get();
        configuration.setPolicies(List.of(new PolicyDefinition("only")));
        configuration.setFeeds(List.of(new BlockListFeed("only", "/tmp/none")));
        HtmlForm form = form(r);
        form.getElementsByTagName("button").stream()
                .filter(button -> button.getAttribute("class").contains("repeatable-delete")).toList()
                .forEach(button -> {
                    try {
                        button.click();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                });
        r.submit(form);
        assertThat(configuration.getPolicies(), empty());
        assertThat(configuration.getFeeds(), empty());
        configuration.load();
        assertThat(configuration.getPolicies(), empty());
    }

    @Test
    void aFormThatDoesNotFitTogetherIsRefusedAsAWhole(JenkinsRule r) throws Exception {
        HardenRunnerConfiguration configuration = HardenRunnerConfiguration.get();
        PolicyDefinition a = new PolicyDefinition("a");
        PolicyDefinition b = new PolicyDefinition("b");
        b.setExtends("a");
        configuration.setPolicies(List.of(a, b));
        HtmlForm form = form(r);
        form.getInputsByName("_.extends").get(0).setValue("b");
        form.getInputsByName("_.defaultPolicy").get(0).setValue("b");
        assertThrows(FailingHttpStatusCodeException.class, () -> r.submit(form));
        assertThat(configuration.getPolicies().get(0).getExtends(), nullValue());
        assertThat("nothing of the form is in force", configuration.getDefaultPolicy(), nullValue());
    }

    @Test
    void valuesThatCannotBeUsedAreRefusedWithThePolicyAndTheSetting(JenkinsRule r) {
        HardenRunnerConfiguration configuration = HardenRunnerConfiguration.get();
        PolicyDefinition bad = new PolicyDefinition("team");
        bad.setAllowedEndpoints("fine.example\n*.co.uk");
        PolicyException e = assertThrows(PolicyException.class, () -> configuration.setPolicies(List.of(bad)));
        assertThat(e.getMessage(), containsString("policy 'team': line 2: endpoint '*.co.uk', character 1"));
        assertThat(configuration.getPolicies(), empty());
        assertThrows(PolicyException.class, () -> configuration.setLimitEvents(0));
        assertThrows(PolicyException.class, () -> configuration.setFeeds(List.of(new BlockListFeed("x", "ftp://feeds.example.com/"))));
        assertThrows(PolicyException.class, () -> configuration.setPolicies(List.of(new PolicyDefinition("x"), new PolicyDefinition("x"))));
    }

    @Test
    void eachFieldComplainsAsOneTypes(JenkinsRule r) {
        HardenRunnerConfiguration configuration = HardenRunnerConfiguration.get();
        assertThat(configuration.doCheckCeilingEndpoints("*").kind, is(FormValidation.Kind.ERROR));
        assertThat(configuration.doCheckDefaultPolicy("pypi").kind, is(FormValidation.Kind.OK));
        assertThat(configuration.doCheckDefaultPolicy("pip").kind, is(FormValidation.Kind.WARNING));
        assertThat(configuration.doCheckDefaultPolicy("a b").kind, is(FormValidation.Kind.ERROR));
        assertThat(configuration.doCheckLimitEvents("many").getMessage(), containsString("is not a number from 1"));
        PolicyDefinition.DescriptorImpl policy = r.jenkins.getDescriptorByType(PolicyDefinition.DescriptorImpl.class);
        assertThat(policy.doCheckName("").getMessage(), is("a policy needs a name"));
        assertThat(policy.doCheckExtends("a b/c").getMessage(), containsString("b/c"));
        assertThat(policy.doCheckDnsUpstream("dns.example").kind, is(FormValidation.Kind.ERROR));
        assertThat(policy.doCheckProtectedPaths("ci/**\n[").getMessage(), containsString("character"));
        assertThat(policy.doCheckCredentialPaths("secrets").kind, is(FormValidation.Kind.ERROR));
        assertThat(policy.doCheckAllowedSockets("run/x.sock").getMessage(), containsString("is not an absolute path"));
        assertThat(policy.doCheckAllowedSockets("/run/x.sock\n/tmp/ssh-*/agent.*").kind, is(FormValidation.Kind.OK));
        assertThat(policy.doCheckKeptCapabilities("SYS_ADMIN").getMessage(), containsString("Linux capability"));
        assertThat(policy.doCheckKeptCapabilities("CAP_SYS_ADMIN\nCAP_NET_ADMIN").kind, is(FormValidation.Kind.OK));
        assertThat(policy.doCheckAllowedSockets("/run/x.sock").kind, is(FormValidation.Kind.OK));
        BlockListFeed.DescriptorImpl feed = r.jenkins.getDescriptorByType(BlockListFeed.DescriptorImpl.class);
        assertThat(feed.doCheckLocation("feeds.example.com", "x").getMessage(), containsString("is neither an http(s) URL"));
        assertThat(feed.doCheckSha256("abc").kind, is(FormValidation.Kind.ERROR));
        assertThat(feed.doCheckMinutes("1").kind, is(FormValidation.Kind.ERROR));
    }

    @Test
    void tryItSaysTheVerdictAndWhoDecided(JenkinsRule r) throws Exception {
        configure(Files.readString(EXAMPLE));
        HardenRunnerConfiguration configuration = HardenRunnerConfiguration.get();
        FormValidation allowed = configuration.doTryIt("packages.example.com:443", "", "");
        assertThat(allowed.kind, is(FormValidation.Kind.OK));
        assertThat(allowed.getMessage(), containsString("of global policy &#039;organisation&#039; matches"));
        FormValidation blocked = configuration.doTryIt("paste.example.net", "", "python");
        assertThat(blocked.kind, is(FormValidation.Kind.WARNING));
        assertThat(blocked.getMessage(), containsString("data was sent there in March"));
        assertThat(blocked.getMessage(), containsString("egressPolicy: block (global policy &#039;python&#039;), overrules audit (global configuration)"));
        assertThat(configuration.doTryIt("<b>", "", "").kind, is(FormValidation.Kind.ERROR));
        assertThat(configuration.doTryIt("<b>", "", "").renderHtml(), not(containsString("<b>")));
        assertThat(configuration.doTryIt("a.example", "nowhere", "").getMessage(), containsString("there is no job or folder"));
    }

    @Test
    void inputsOfTheGitHubActionAreReadForTheFormAndNothingIsStored(JenkinsRule r) throws Exception {
        configure(Files.readString(EXAMPLE));
        String before = export();
        JenkinsRule.WebClient client = r.createWebClient();
        HtmlPage page = client.goTo("configureSecurity");
        DomElement place = page.querySelector(".hr-import");
        assertThat(page.querySelector("script[src$='/plugin/harden-runner/js/policyimport.js']"), not(nullValue()));
        assertThat(place.querySelector("textarea").getAttributes().getNamedItem("name"), nullValue());
        WebRequest request = new WebRequest(new URL(r.getURL(), place.getAttribute("data-url").substring(r.contextPath.length() + 1)), HttpMethod.POST);
        request.setRequestParameters(List.of(new NameValuePair("text", """
                with:
                  disable-sudo: true
                  egress-policy: block
                  allowed-endpoints: >
                    a.example
                    https://b.example/x
                """)));
        client.addCrumb(request);
        JSONObject answer = JSONObject.fromObject(client.getPage(request).getWebResponse().getContentAsString());
        assertThat(answer.getString("egressPolicy"), is("block"));
        assertThat(answer.getJSONArray("endpoints").toString(), is("[\"a.example:443\"]"));
        assertThat(answer.getJSONArray("ignored").toString(), is("[\"disable-sudo\"]"));
        assertThat(answer.getJSONArray("problems").getString(0), containsString("line 6: endpoint 'https://b.example/x', character 5"));
        assertThat(export(), is(before));
        assertThrows(FailingHttpStatusCodeException.class, () -> client.goTo(request.getUrl().getPath().substring(r.contextPath.length() + 1)));
    }
}

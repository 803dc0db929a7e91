package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import hudson.ProxyConfiguration;
import hudson.util.FormValidation;
import hudson.util.Secret;
import io.jenkins.plugins.casc.ConfigurationAsCode;
import io.jenkins.plugins.casc.yaml.YamlSource;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.sink.OpenTelemetrySink;
import io.jenkins.plugins.hardenrunner.sink.SinkConfiguration;
import io.jenkins.plugins.hardenrunner.sink.SyslogSink;
import io.jenkins.plugins.hardenrunner.sink.WebhookSink;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import jenkins.model.Jenkins;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.html.HtmlForm;
import org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class SinkConfigurationTest {
    /** As it is exported: what has its default is left out. */
    private static final String YAML = """
            security:
              hardenRunnerSinks:
                sinks:
                - openTelemetry:
                    detail: "events"
                    endpoint: "https://collector.example.com:4318/v1/logs"
                    header: "api-key"
                    name: "collector"
                    retryHours: 24
                    spoolMegabytes: 512
                    tokenId: "otlp-token"
                - webhook:
                    detail: "endpoints"
                    name: "soar"
                    signingSecretId: "soar-secret"
                    url: "https://soar.example.com/hooks/jenkins"
                - syslog:
                    enterpriseNumber: 4711
                    facility: 16
                    host: "log.example.com"
                    name: "siem"
                    port: 16514
            """;

    static void secret(String id, String text) throws IOException {
        SystemCredentialsProvider.getInstance().getCredentials().add(
                new StringCredentialsImpl(CredentialsScope.SYSTEM, id, "", Secret.fromString(text)));
        SystemCredentialsProvider.getInstance().save();
    }

    private static String export() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ConfigurationAsCode.get().export(out);
        String all = out.toString(StandardCharsets.UTF_8);
        StringBuilder own = new StringBuilder("security:\n");
        boolean inside = false;
        for (String line : all.split("\n")) {
            if (line.equals("  hardenRunnerSinks:")) {
                inside = true;
            } else if (inside && !line.startsWith("   ")) {
                break;
            }
            if (inside) {
                own.append(line).append('\n');
            }
        }
        return own.toString();
    }

    private static void configure(String yaml) throws Exception {
        ConfigurationAsCode.get().configureWith(YamlSource.of(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void nothingIsConfiguredAtFirst(JenkinsRule r) {
        assertThat(SinkConfiguration.get().getSinks(), empty());
    }

    @Test
    void codeIsTakenAndExportedAsItWas(JenkinsRule r) throws Exception {
        configure(YAML);
        assertThat(SinkConfiguration.get().getSinks(), hasSize(3));
        assertThat(export(), is(YAML));
        assertThat("after a restart", reloaded(), is(YAML));
    }

    private static String reloaded() throws Exception {
        SinkConfiguration.get().load();
        return export();
    }

    @Test
    void theFormKeepsEverythingAndTheLastSinkCanBeDeleted(JenkinsRule r) throws Exception {
        secret("otlp-token", "not important here, but long");
        configure(YAML);
        r.submit(r.createWebClient().goTo("configureSecurity").getFormByName("config"));
        assertThat("also the id of credentials that are not there", export(), is(YAML));
        HtmlForm form = r.createWebClient().goTo("configureSecurity").getFormByName("config");
        // A list of its own: the form's gets shorter with each click.
        for (var button : form.getElementsByTagName("button").stream()
                .filter(one -> one.getAttribute("class").contains("repeatable-delete")).toList()) {
            button.click();
        }
        r.submit(form);
        assertThat(SinkConfiguration.get().getSinks(), empty());
        SinkConfiguration.get().load();
        assertThat(SinkConfiguration.get().getSinks(), empty());
    }

    @Test
    void whatCannotBeUsedIsRefusedAndChangesNothing(JenkinsRule r) {
        SinkConfiguration configuration = SinkConfiguration.get();
        WebhookSink good = new WebhookSink("a", "https://a.example.com/");
        configuration.setSinks(List.of(good));
        for (var bad : List.of(
                new WebhookSink("../a", "https://a.example.com/"), new WebhookSink("", "https://a.example.com/"),
                new WebhookSink("b", "ftp://a.example.com/"), new WebhookSink("b", "https://user:pass@a.example.com/"),
                new WebhookSink("a", "https://b.example.com/"), new SyslogSink("b", "two words"), new SyslogSink("b", ""))) {
            assertThrows(PolicyException.class, () -> configuration.setSinks(List.of(good, bad)));
            assertThat(configuration.getSinks(), is(List.of(good)));
        }
        OpenTelemetrySink header = new OpenTelemetrySink("b", "https://a.example.com/");
        header.setHeader("api-key: x\r\nEvil");
        assertThat(assertThrows(PolicyException.class, () -> configuration.setSinks(List.of(header))).getMessage(), containsString("sink 'b': "));
    }

    @Test
    void theTestButtonSendsOneMessageAndSaysWhatCameOfIt(JenkinsRule r) throws Exception {
        WebhookSink.DescriptorImpl descriptor = r.jenkins.getDescriptorByType(WebhookSink.DescriptorImpl.class);
        try (Receiver receiver = new Receiver(0)) {
            secret("right", Receiver.SECRET);
            secret("wrong", "incorrect horse battery staple");
            FormValidation ok = descriptor.doTest("x", receiver.url(), "right", "");
            assertThat(ok.getMessage(), ok.kind, is(FormValidation.Kind.OK));
            assertThat(receiver.await("test", 1).get(0).at("/source/instance").asText(), is(r.getURL().toString()));
            FormValidation refused = descriptor.doTest("x", receiver.url(), "wrong", "");
            assertThat(refused.kind, is(FormValidation.Kind.ERROR));
            assertThat(refused.getMessage(), containsString("status 401"));
            assertThat(descriptor.doTest("x", receiver.url(), "gone", "").getMessage(), containsString("&#039;gone&#039;"));
        }
        assertThat(descriptor.doTest("x", "http://127.0.0.1:1/", "right", "").kind, is(FormValidation.Kind.ERROR));
        OpenTelemetrySink.DescriptorImpl otlp = r.jenkins.getDescriptorByType(OpenTelemetrySink.DescriptorImpl.class);
        assertThat(otlp.doTest("x", "http://127.0.0.1:1/v1/logs", "", "right").kind, is(FormValidation.Kind.ERROR));
    }

    @Test
    void theProxyOfJenkinsIsUsed(JenkinsRule r) throws Exception {
        try (MockWebServer proxy = new MockWebServer()) {
            proxy.start();
            proxy.enqueue(new MockResponse.Builder().code(200).build());
            proxy.enqueue(new MockResponse.Builder().code(200).build());
            r.jenkins.setProxy(new ProxyConfiguration(proxy.getHostName(), proxy.getPort()));
            assertThat(r.jenkins.getDescriptorByType(WebhookSink.DescriptorImpl.class)
                    .doTest("x", "http://hook.example.com/a", "", "").kind, is(FormValidation.Kind.OK));
            assertThat(proxy.takeRequest().getRequestLine(), is("POST http://hook.example.com/a HTTP/1.1"));
            assertThat(r.jenkins.getDescriptorByType(OpenTelemetrySink.DescriptorImpl.class)
                    .doTest("x", "http://collector.example.com:4318/v1/logs", "", "").kind, is(FormValidation.Kind.OK));
            assertThat(proxy.takeRequest().getRequestLine(), is("POST http://collector.example.com:4318/v1/logs HTTP/1.1"));
        }
    }

    @Test
    void onlyAdministratorsUseItAndOnlyByPost(JenkinsRule r) throws Exception {
        r.jenkins.setSecurityRealm(r.createDummySecurityRealm());
        r.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy().grant(Jenkins.READ, Jenkins.MANAGE, Jenkins.SYSTEM_READ).everywhere().to("manager")
                .grant(Jenkins.ADMINISTER).everywhere().to("admin"));
        secret("right", Receiver.SECRET);
        JenkinsRule.WebClient manager = r.createWebClient().withThrowExceptionOnFailingStatusCode(false).login("manager");
        JenkinsRule.WebClient admin = r.createWebClient().withThrowExceptionOnFailingStatusCode(false).login("admin");
        String kind = "descriptorByName/" + WebhookSink.class.getName() + "/";
        for (String url : List.of(kind + "test", kind + "checkUrl", kind + "checkSigningSecretId", "manage/harden-runner-sinks/sendAgain",
                "manage/harden-runner-sinks/discard", "manage/harden-runner-sinks/clear")) {
            assertThat(url, admin.goTo(url + "?sink=a&value=right&url=http://127.0.0.1:1/", null).getWebResponse().getStatusCode() / 100, is(4));
            WebRequest post = new WebRequest(new URL(r.getURL(), url + "?sink=a&id=&value=right&name=a&tokenId=&signingSecretId=&url=http://127.0.0.1:1/"), HttpMethod.POST);
            manager.addCrumb(post);
            assertThat(url, manager.getPage(post).getWebResponse().getStatusCode(), is(403));
        }
        assertThat(manager.goTo("manage/harden-runner-sinks/", null).getWebResponse().getStatusCode(), is(403));
        assertThat(admin.goTo("manage/harden-runner-sinks/", null).getWebResponse().getStatusCode(), is(200));
        WebRequest items = new WebRequest(new URL(r.getURL(), kind + "fillSigningSecretIdItems?signingSecretId="), HttpMethod.POST);
        manager.addCrumb(items);
        assertThat("ids of credentials", manager.getPage(items).getWebResponse().getContentAsString(), not(containsString("right")));
    }

    @Test
    void theConfigurationHasIdsOnly(JenkinsRule r) throws Exception {
        secret("soar-secret", "a plain secret of the signature");
        configure(YAML);
        String file = Files.readString(r.jenkins.getRootDir().toPath().resolve(SinkConfiguration.class.getName() + ".xml"));
        assertThat(file, containsString("soar-secret"));
        assertThat(file, not(containsString("plain secret")));
        assertThat(r.createWebClient().goTo("configureSecurity").getWebResponse().getContentAsString(), not(containsString("plain secret")));
        assertThat(SinkConfiguration.get().getSinks().get(2), instanceOf(SyslogSink.class));
        assertThat(((WebhookSink) SinkConfiguration.get().getSinks().get(1)).getTokenId(), nullValue());
    }
}

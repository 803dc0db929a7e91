package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import hudson.model.Result;
import io.jenkins.plugins.hardenrunner.engine.audit.Envelope;
import io.jenkins.plugins.hardenrunner.engine.audit.Seal;
import io.jenkins.plugins.hardenrunner.engine.audit.SealSeries;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.sink.OpenTelemetrySink;
import io.jenkins.plugins.hardenrunner.sink.SinkConfiguration;
import io.jenkins.plugins.hardenrunner.sink.SyslogSink;
import io.jenkins.plugins.hardenrunner.sink.WebhookSink;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.htmlunit.html.HtmlForm;
import org.htmlunit.html.HtmlPage;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.LogRecorder;
import org.jvnet.hudson.test.junit.jupiter.JenkinsSessionExtension;

/** Blocks of real builds on their way out of Jenkins. */
class SinkTest {
    private static final String PLANTED = "planted-s3cret-value-4711";

    @RegisterExtension
    private final JenkinsSessionExtension sessions = new JenkinsSessionExtension();

    private static WebhookSink webhook(Receiver receiver, String detail) throws IOException {
        if (SinkConfiguration.get().getSinks().isEmpty()) {
            SinkConfigurationTest.secret("secret", Receiver.SECRET);
        }
        WebhookSink sink = new WebhookSink("hook", receiver.url());
        sink.setSigningSecretId("secret");
        sink.setDetail(detail);
        return sink;
    }

    @Test
    void aBlockIsToldInTheDetailThatIsConfigured() throws Throwable {
        sessions.then(r -> {
            try (Local local = new Local(); Receiver receiver = new Receiver(0)) {
                String script = "node { hardenRunner(egressPolicy: 'block', loopback: 'own', onViolation: 'warn') { sh(returnStatus: true, script: '" + local.curl() + "') } }";
                SinkConfiguration.get().setSinks(List.of(webhook(receiver, "findings")));
                WorkflowRun b = Builds.run(r, Result.SUCCESS, script);
                JsonNode summary = receiver.await("block", 1).get(0);
                Report report = Builds.report(b);
                assertThat(receiver.messages().stream().filter(message -> message.path("kind").asText().equals("finding"))
                        .map(message -> message.at("/data/finding").asText()).toList(), is(report.findings.stream().map(finding -> finding.kind).toList()));
                assertThat(receiver.messages(), hasSize(report.findings.size() + 1));
                assertThat(summary.at("/source/job").asText(), is(b.getParent().getFullName()));
                assertThat(summary.at("/source/url").asText(), containsString(b.getUrl() + "harden-runner/?block="));
                assertThat(summary.at("/data/verdict").asText(), is("violated"));
                Path seal = b.getRootDir().toPath().resolve("harden-runner").resolve(Builds.blocks(b).get(0).getId()).resolve("seal.json");
                assertThat(summary.at("/data/seal/sha256").asText(),
                        is(SealSeries.Entry.of(Seal.of(Envelope.fromJson(Files.readAllBytes(seal)))).digest()));

                SinkConfiguration.get().setSinks(List.of(webhook(receiver, "events")));
                b = Builds.run(r, Result.SUCCESS, script);
                receiver.await("block", 2);
                report = Builds.report(b);
                receiver.await("endpoint", report.endpoints.size());
                long events = report.launchDetails.get(0).events;
                assertThat(receiver.await("event", (int) events).get(0).at("/data/event/k").asText(), is("start"));
                assertThat(receiver.forged(), is(0));
            }
        });
    }

    @Test
    void nothingIsLostWhileTheReceiverIsDownAndJenkinsIsRestarted() throws Throwable {
        int[] port = new int[1];
        sessions.then(r -> {
            try (Receiver receiver = new Receiver(0)) {
                port[0] = receiver.port();
                SinkConfiguration.get().setSinks(List.of(webhook(receiver, "findings")));
            }
            Builds.run(r, Result.SUCCESS, "node { hardenRunner { sh 'true' } }");
            Builds.run(r, Result.SUCCESS, "node { hardenRunner { sh 'true' } }");
            HtmlPage page = r.createWebClient().goTo("manage/harden-runner-sinks/");
            for (int i = 0; i < 100 && !page.asNormalizedText().contains("next attempt"); i++) {
                Thread.sleep(100);
                page = r.createWebClient().goTo("manage/harden-runner-sinks/");
            }
            assertThat(page.asNormalizedText(), containsString("next attempt"));
        });
        sessions.then(r -> {
            try (Receiver receiver = new Receiver(port[0])) {
                Builds.run(r, Result.SUCCESS, "node { hardenRunner { sh 'true' } }");
                List<JsonNode> blocks = receiver.await("block", 3);
                assertThat(blocks.stream().map(block -> block.path("id").asText()).distinct().toList(), hasSize(3));
            }
        });
    }

    @Test
    void whatTheReceiverDoesNotWantCanBeSentAgainOrDiscarded() throws Throwable {
        sessions.then(r -> {
            try (Receiver receiver = new Receiver(0)) {
                receiver.answer(422);
                SinkConfiguration.get().setSinks(List.of(webhook(receiver, "findings")));
                Builds.run(r, Result.SUCCESS, "node { hardenRunner { sh 'true' } }");
                Builds.run(r, Result.SUCCESS, "node { hardenRunner { sh 'true' } }");
                JenkinsRule.WebClient admin = r.createWebClient();
                HtmlPage page = letters(admin, 2);
                assertThat(page.asNormalizedText(), containsString("the receiver answered with status 422"));
                receiver.answer(200);
                press(page, "discard", 1);
                page = letters(admin, 1);
                press(page, "sendAgain", 1);
                receiver.await("block", 1);
                letters(admin, 0);
            }
        });
    }

    /** Waits until the page shows so many dead letters. */
    private static HtmlPage letters(JenkinsRule.WebClient admin, int count) throws Exception {
        HtmlPage page = null;
        for (int i = 0; i < 200; i++) {
            page = admin.goTo("manage/harden-runner-sinks/");
            // One form for all of them, and one each.
            long forms = page.getForms().stream().filter(form -> form.getActionAttribute().equals("discard")).count();
            if (forms == (count == 0 ? 0 : count + 1)) {
                return page;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("not " + count + " dead letters: " + page.asNormalizedText());
    }

    private static void press(HtmlPage page, String action, int index) throws Exception {
        HtmlForm form = page.getForms().stream().filter(one -> one.getActionAttribute().equals(action)).toList().get(index);
        form.getElementsByTagName("button").get(0).click();
    }

    /** Everything that leaves Jenkins, and what waits for it, is searched for the secret that a build used. */
    @Test
    void secretsOfBuildsAndOfSinksStayInside() throws Throwable {
        sessions.then(r -> {
            LogRecorder log = new LogRecorder().record("io.jenkins.plugins.hardenrunner", Level.ALL)
                    .record("io.opentelemetry", Level.ALL).record("", Level.INFO).capture(100_000);
            try (Receiver receiver = new Receiver(0); MockWebServer collector = new MockWebServer();
                    ServerSocket syslog = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
                collector.start();
                collector.enqueue(new MockResponse.Builder().code(200).build());
                for (int i = 0; i < 20; i++) {
                    collector.enqueue(new MockResponse.Builder().code(200).build());
                }
                SinkConfigurationTest.secret("planted", PLANTED);
                SinkConfigurationTest.secret("token", "t0ken-of-the-collector");
                OpenTelemetrySink otlp = new OpenTelemetrySink("otlp", collector.url("/v1/logs").toString());
                otlp.setTokenId("token");
                otlp.setDetail("events");
                SyslogSink lines = new SyslogSink("lines", "127.0.0.1");
                lines.setTransport("tcp");
                lines.setPort(syslog.getLocalPort());
                lines.setDetail("events");
                StringBuffer received = new StringBuffer();
                CompletableFuture.runAsync(() -> {
                    while (true) {
                        try (Socket socket = syslog.accept()) {
                            received.append(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
                        } catch (IOException e) {
                            return;
                        }
                    }
                });
                SinkConfiguration.get().setSinks(List.of(webhook(receiver, "events"), otlp, lines));
                com.cloudbees.plugins.credentials.SystemCredentialsProvider.getInstance().getCredentials().add(
                        new org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl(
                                com.cloudbees.plugins.credentials.CredentialsScope.GLOBAL, "build", "", hudson.util.Secret.fromString(PLANTED)));
                WorkflowRun b = Builds.run(r, Result.SUCCESS, "node { hardenRunner { withCredentials([string(credentialsId: 'build', variable: 'TOKEN')]) {"
                        + " sh 'cat /dev/null; /bin/echo \"$TOKEN\" > /dev/null; touch \"marker-$TOKEN\"' } } }");
                receiver.await("block", 1);
                long events = Builds.report(b).launchDetails.get(0).events;
                receiver.await("event", (int) events);
                for (int i = 0; i < 200 && !(received.toString().contains("event/l-1/" + events) && collector.getRequestCount() >= 3); i++) {
                    Thread.sleep(100);
                }
                assertThat("the whole command arrived", receiver.raw().toString(), containsString("marker-****"));
                assertThat(received.toString(), containsString("marker-****"));
                StringBuilder otlpBytes = new StringBuilder();
                for (int i = collector.getRequestCount(); i > 0; i--) {
                    var request = collector.takeRequest();
                    assertThat(request.getHeaders().get("Authorization"), is("Bearer t0ken-of-the-collector"));
                    otlpBytes.append(new String(new GZIPInputStream(new ByteArrayInputStream(request.getBody().toByteArray())).readAllBytes(), StandardCharsets.UTF_8));
                }
                assertThat(otlpBytes.toString(), containsString("marker-****"));
                for (String planted : List.of(PLANTED, Base64.getEncoder().encodeToString(PLANTED.getBytes(StandardCharsets.UTF_8)))) {
                    assertThat(receiver.raw(), everyItem(not(containsString(planted))));
                    assertThat(received.toString(), not(containsString(planted)));
                    assertThat(otlpBytes.toString(), not(containsString(planted)));
                }
                assertThat(receiver.raw().toString() + received + otlpBytes, not(containsString(Receiver.SECRET)));
                assertThat(log.getMessages().stream().filter(message -> message.contains("t0ken-of-the-collector") || message.contains(Receiver.SECRET)).toList(), empty());
                try (Stream<Path> files = Files.walk(r.jenkins.getRootDir().toPath().resolve("harden-runner"))) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        assertThat(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1), not(containsString("t0ken-of-the-collector")));
                    }
                }
            }
        });
    }
}

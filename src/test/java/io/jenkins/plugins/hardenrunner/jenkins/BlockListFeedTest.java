package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import com.sun.net.httpserver.HttpServer;
import hudson.ExtensionList;
import hudson.model.Result;
import hudson.model.TaskListener;
import hudson.util.FormValidation;
import io.jenkins.plugins.hardenrunner.config.BlockListFeed;
import io.jenkins.plugins.hardenrunner.config.BlockListFeeds;
import io.jenkins.plugins.hardenrunner.config.HardenRunnerConfiguration;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class BlockListFeedTest {
    private final AtomicReference<String> content = new AtomicReference<>("");
    private HttpServer server;
    private BlockListFeed feed;

    @BeforeEach
    void serve() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] bytes = content.get().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(content.get().isEmpty() ? 500 : 200, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        feed = new BlockListFeed("campaigns", "http://127.0.0.1:" + server.getAddress().getPort() + "/list.txt");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private FormValidation status(JenkinsRule r) {
        return r.jenkins.getDescriptorByType(BlockListFeed.DescriptorImpl.class).doCheckLocation(feed.getLocation(), "campaigns");
    }

    /** As the periodic work does it, here and now. */
    private void refresh() throws Exception {
        Method execute = BlockListFeeds.class.getDeclaredMethod("execute", TaskListener.class);
        execute.setAccessible(true);
        execute.invoke(ExtensionList.lookupSingleton(BlockListFeeds.class), TaskListener.NULL);
    }

    @Test
    void anEntryIsRefusedInAuditAndTheReportSaysWhy(JenkinsRule r) throws Exception {
        try (Local local = new Local()) {
            content.set("# known bad\n" + local.endpoint() + " # token theft in March\n");
            HardenRunnerConfiguration.get().setFeeds(List.of(feed));
            refresh();
            WorkflowRun b = Builds.run(r, Result.SUCCESS, "node { hardenRunner(egressPolicy: 'audit', loopback: 'own') {"
                    + " sh(returnStatus: true, script: '" + local.curl() + "') } }");
            assertThat(local.requests(), is(0));
            Report report = Builds.report(b);
            assertThat(report.policy.egressPolicy, is("audit"));
            assertThat(report.endpoints.get(0).verdict, is("blocked"));
            assertThat(report.findings.stream().filter(finding -> finding.kind.equals("egress-blocked")).findFirst().orElseThrow().explanation, containsString("of block-list feed 'campaigns', reason: token theft in March"));
            r.assertLogContains("reason: token theft in March", b);
        }
    }

    @Test
    void theLastGoodContentHoldsOnWhenTheFeedFails(JenkinsRule r) throws Exception {
        content.set("bad.example # once\n");
        HardenRunnerConfiguration.get().setFeeds(List.of(feed));
        refresh();
        assertThat(status(r).getMessage(), containsString("1 entries, loaded at "));
        content.set("bad.example\nhttp://not-an-endpoint/\n");
        again();
        assertThat(status(r).kind, is(FormValidation.Kind.WARNING));
        assertThat(status(r).getMessage(), containsString("the last try failed, the entries of "));
        assertThat(status(r).getMessage(), containsString("line 2: endpoint "));
        assertThat(HardenRunnerConfiguration.get().doTryIt("bad.example", "", "").getMessage(), containsString("(once)"));
        content.set("");
        again();
        assertThat(status(r).getMessage(), containsString("status 500"));
        content.set("worse.example # now\n");
        again();
        assertThat(HardenRunnerConfiguration.get().doTryIt("worse.example", "", "").getMessage(), containsString("(now)"));
    }

    @Test
    void contentWithAnotherDigestIsRefused(JenkinsRule r) throws Exception {
        content.set("bad.example\n");
        feed.setSha256("0".repeat(64));
        HardenRunnerConfiguration.get().setFeeds(List.of(feed));
        refresh();
        assertThat(status(r).getMessage(), containsString("nothing was loaded yet, so it blocks nothing: its content has the SHA-256 digest "));
    }

    @Test
    void aBlockSaysThatAFeedIsMissing(JenkinsRule r) throws Exception {
        HardenRunnerConfiguration.get().setFeeds(List.of(feed));
        refresh();
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node { hardenRunner { sh 'true' } }");
        r.assertLogContains("[harden-runner] block-list feed 'campaigns': nothing was loaded yet, so it blocks nothing: the server answered with status 500", b);
        assertThat(Builds.report(b).coverage.stream().anyMatch(row -> row.note.contains("block-list feed 'campaigns'")), is(true));
    }

    /** A feed is not asked again before its time. */
    private void again() throws Exception {
        Method due = BlockListFeeds.class.getDeclaredMethod("forgetTimes");
        due.setAccessible(true);
        due.invoke(ExtensionList.lookupSingleton(BlockListFeeds.class));
        refresh();
    }
}

package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import hudson.model.FreeStyleProject;
import hudson.model.Item;
import hudson.model.Result;
import hudson.tasks.ArtifactArchiver;
import hudson.tasks.Shell;
import io.jenkins.plugins.hardenrunner.engine.audit.Envelope;
import io.jenkins.plugins.hardenrunner.export.SarifPublisher;
import io.jenkins.plugins.hardenrunner.seal.EvidenceConfiguration;
import io.jenkins.plugins.hardenrunner.seal.SealKeys;
import io.jenkins.plugins.hardenrunner.step.HardenRunnerStep;
import io.jenkins.plugins.hardenrunner.wrapper.HardenRunnerBuildWrapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.HexFormat;
import jenkins.model.Jenkins;
import org.htmlunit.WebResponse;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** What a build hands to other tools: SARIF and in-toto. */
@WithJenkins
class ExportTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JenkinsRule r;
    private Local server;

    @BeforeEach
    void start(JenkinsRule rule) throws Exception {
        r = rule;
        server = new Local();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** A block with one finding. */
    private String blocked() {
        return "hardenRunner(egressPolicy: 'block', loopback: 'own', onViolation: 'warn') { sh '" + server.curl() + " || true' }";
    }

    private WebResponse get(String user, String url) throws Exception {
        JenkinsRule.WebClient client = r.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        client.getOptions().setRedirectEnabled(false);
        return (user == null ? client : client.login(user)).goTo(url, null).getWebResponse();
    }

    @Test
    void findingsOfAllBlocksOrOfOneAreServedAsSarif() throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node { " + blocked() + "; hardenRunner { sh 'true' } }");
        WebResponse answer = get(null, b.getUrl() + "harden-runner/findings.sarif");
        assertThat(answer.getContentType(), is("application/sarif+json"));
        assertThat(answer.getResponseHeaderValue("Content-Disposition"), containsString("attachment"));
        JsonNode runs = JSON.readTree(answer.getContentAsString()).path("runs");
        assertThat(runs.size(), is(2));
        assertThat(runs.get(0).at("/results/0/ruleId").asText(), is("egress-blocked"));
        assertThat(runs.get(0).at("/automationDetails/id").asText(), is(b.getParent().getFullName() + "/default/1-" + Builds.blocks(b).get(0).getId()));
        String second = Builds.blocks(b).get(1).getId();
        JsonNode one = JSON.readTree(get(null, b.getUrl() + "harden-runner/findings.sarif?block=" + second).getContentAsString());
        assertThat(one.path("runs").size(), is(1));
        assertThat(one.at("/runs/0/results").size(), is(0));
        assertThat(get(null, b.getUrl() + "harden-runner/findings.sarif?block=0123456789abcdef").getStatusCode(), is(404));
    }

    @Test
    void onlyWhoMayReadTheJobGetsItsExports() throws Exception {
        EvidenceConfiguration.get().setAttestations(true);
        WorkflowRun b = Builds.run(r, Result.SUCCESS,
                "node { " + blocked() + "; writeFile file: 'a', text: 'a'; archiveArtifacts 'a' }");
        r.jenkins.setSecurityRealm(r.createDummySecurityRealm());
        r.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ).everywhere().to("stranger", "reader")
                .grant(Item.READ).everywhere().to("reader"));
        for (String url : new String[] {"harden-runner/findings.sarif", "harden-runner/evidence/" + Builds.blocks(b).get(0).getId() + "/trace.intoto.json"}) {
            assertThat(url, get("stranger", b.getUrl() + url).getStatusCode(), is(404));
            assertThat(url, get("reader", b.getUrl() + url).getStatusCode(), is(200));
        }
    }

    @Test
    void theStepWritesAFileThatOtherPluginsRead() throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node { " + blocked() + "; hardenRunnerSarif(); "
                + "hardenRunnerSarif file: 'sub/other.sarif'; archiveArtifacts '**/*.sarif' }");
        int findings = Builds.report(b).findings.size();
        r.assertLogContains("[harden-runner] harden-runner.sarif: " + findings + " findings of 1 blocks", b);
        for (String name : new String[] {"harden-runner.sarif", "sub/other.sarif"}) {
            JsonNode log = JSON.readTree(Files.readString(b.getArtifactsDir().toPath().resolve(name)));
            assertThat(name, log.at("/runs/0/results").size(), is(findings));
        }
        r.assertLogContains("is no path inside of the workspace",
                Builds.run(r, Result.FAILURE, "node { hardenRunnerSarif file: '../x.sarif' }"));
        r.assertLogContains("no hardenRunner block of this build has ended", Builds.run(r, Result.SUCCESS, "node { hardenRunnerSarif() }"));
    }

    @Test
    void freestyleBuildsWriteItToo() throws Exception {
        FreeStyleProject job = r.createFreeStyleProject();
        HardenRunnerStep settings = new HardenRunnerStep();
        settings.setEgressPolicy("block");
        settings.setLoopback("own");
        settings.setOnViolation("warn");
        job.getBuildWrappersList().add(new HardenRunnerBuildWrapper(settings));
        job.getBuildersList().add(new Shell(server.curl() + " || true"));
        job.getPublishersList().add(new SarifPublisher());
        job.getPublishersList().add(new ArtifactArchiver("*.sarif"));
        job = r.configRoundtrip(job);
        var b = r.buildAndAssertSuccess(job);
        JsonNode log = JSON.readTree(Files.readString(b.getArtifactsDir().toPath().resolve("harden-runner.sarif")));
        assertThat(log.at("/runs/0/results").size(), is(Builds.report(b).findings.size()));
    }

    @Test
    void whatWasObservedIsSignedForTheArchivedArtifacts() throws Exception {
        EvidenceConfiguration.get().setAttestations(true);
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node { " + blocked()
                + "; writeFile file: 'out/app.txt', text: 'made'; writeFile file: 'b.txt', text: 'b'; archiveArtifacts 'out/*,b.txt' }");
        r.assertLogContains("in-toto: signed what was observed while 2 artifacts were made", b);
        String url = b.getUrl() + "harden-runner/evidence/" + Builds.blocks(b).get(0).getId() + "/trace.intoto.json";
        Envelope envelope = Envelope.fromJson(get(null, url).getContentAsString().getBytes(StandardCharsets.UTF_8));
        assertThat(envelope.payloadType(), is("application/vnd.in-toto+json"));
        assertThat(envelope.signers(SealKeys.verifying()), hasSize(1));
        JsonNode statement = JSON.readTree(envelope.payload());
        assertThat(statement.path("predicateType").asText(), is("https://in-toto.io/attestation/runtime-trace/v0.1"));
        assertThat(statement.path("subject").size(), is(2));
        assertThat(statement.at("/subject/1/name").asText(), is("out/app.txt"));
        assertThat(statement.at("/subject/1/digest/sha256").asText(),
                is(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest("made".getBytes(StandardCharsets.UTF_8)))));
        assertThat(statement.at("/predicate/monitoredProcess/event").asText(), is(r.getURL() + b.getUrl()));
        assertThat(statement.at("/predicate/monitorLog/network").size(), is(1));
        assertThat(statement.at("/predicate/monitor/tracePolicy/verdict").asText(), is("violated"));
    }

    @Test
    void aBuildWithoutArtifactsHasNoStatementAndSaysSo() throws Exception {
        EvidenceConfiguration.get().setAttestations(true);
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node { hardenRunner { sh 'true' } }");
        r.assertLogContains("No in-toto statement: the build has archived no artifacts", b);
        String url = b.getUrl() + "harden-runner/evidence/" + Builds.blocks(b).get(0).getId() + "/trace.intoto.json";
        assertThat(get(null, url).getStatusCode(), is(404));
    }

    @Test
    void withoutTheSettingNothingIsSigned() throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS,
                "node { hardenRunner { sh 'true' }; writeFile file: 'a', text: 'a'; archiveArtifacts 'a' }");
        r.assertLogNotContains("in-toto", b);
        String url = b.getUrl() + "harden-runner/evidence/" + Builds.blocks(b).get(0).getId() + "/trace.intoto.json";
        assertThat(get(null, url).getStatusCode(), is(404));
    }
}

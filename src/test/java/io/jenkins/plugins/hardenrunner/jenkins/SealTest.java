package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import hudson.model.Result;
import io.jenkins.plugins.hardenrunner.engine.audit.Seal;
import io.jenkins.plugins.hardenrunner.engine.audit.SealSeries;
import io.jenkins.plugins.hardenrunner.engine.audit.Verification;
import io.jenkins.plugins.hardenrunner.engine.audit.VerifyingKey;
import io.jenkins.plugins.hardenrunner.seal.EventPruning;
import io.jenkins.plugins.hardenrunner.seal.SealKeys;
import io.jenkins.plugins.hardenrunner.seal.SealLedger;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import jenkins.model.Jenkins;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.Page;
import org.htmlunit.WebRequest;
import org.jenkinsci.plugins.workflow.cps.CpsFlowDefinition;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.MockAuthorizationStrategy;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;
import org.xml.sax.SAXException;

/** Seals in a running Jenkins. */
@WithJenkins
class SealTest {
    private static String evidence(WorkflowRun b) {
        return b.getUrl() + "harden-runner/evidence/" + Builds.blocks(b).get(0).getId() + "/";
    }

    private static Path folder(WorkflowRun b) {
        return b.getRootDir().toPath().resolve("harden-runner").resolve(Builds.blocks(b).get(0).getId());
    }

    /** The evidence as somebody elsewhere reads it: over HTTP, with the public keys only. */
    private static Verification verify(JenkinsRule r, WorkflowRun b) throws Exception {
        JenkinsRule.WebClient client = r.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        String pem = client.goTo("harden-runner-keys/", "text/plain").getWebResponse().getContentAsString();
        return Verification.of(name -> {
            try {
                Page page = client.goTo(evidence(b) + name, null);
                if (page.getWebResponse().getStatusCode() == 404) {
                    throw new FileNotFoundException(name);
                }
                return page.getWebResponse().getContentAsStream();
            } catch (SAXException e) {
                throw new AssertionError(e);
            }
        }, VerifyingKey.readPem(pem));
    }

    @Test
    void theEvidenceOfABlockVerifiesElsewhere(JenkinsRule r) throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node { hardenRunner { sh 'true'; sh 'echo two' } }");
        Verification verification = verify(r, b);
        assertThat(verification.checks().toString(), verification.holds());
        // The wrapper of 'sh' leaves a 'sleep 3' behind, so that its supervisor may close its events after the block's end.
        assertThat(verification.checks().stream()
                .filter(check -> check.result() != Verification.Result.HOLDS && !check.detail().contains("had not ended"))
                .toList(), is(List.of()));
        Seal seal = verification.seal();
        assertThat(seal.subject().job(), is(b.getParent().getFullName()));
        assertThat(seal.subject().build(), is(1L));
        assertThat(seal.launches(), hasSize(2));
        assertThat(seal.files(), hasSize(3));
        JSONObject page = r.getJSON(evidence(b) + "verification").getJSONObject();
        assertThat(page.getBoolean("holds"), is(true));
        assertThat(page.getInt("schema"), is(1));
        assertThat(page.getString("sealed"), is(seal.sealed()));
        assertThat(page.getJSONArray("keys").getString(0), is(SealKeys.current().verifying().id()));
        assertThat(page.getJSONArray("checks").toString(), containsString("1 seals of this job, each in its place"));
    }

    @Test
    void alteredEvidenceIsFound(JenkinsRule r) throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node { hardenRunner { sh 'true' } }");
        Path events = folder(b).resolve("l-1.events.gz");
        byte[] bytes = Files.readAllBytes(events);
        bytes[bytes.length / 2] ^= 1;
        Files.write(events, bytes);
        assertThat(verify(r, b).holds(), is(false));
        assertThat(r.getJSON(evidence(b) + "verification").getJSONObject().getBoolean("holds"), is(false));
    }

    /** The same for a folder that a real build left, file by file, the compressed report included. */
    @Test
    void everySingleFaultInWhatABuildLeftIsFound(JenkinsRule r) throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node { hardenRunner { sh 'true' } }");
        Map<String, byte[]> files = new TreeMap<>();
        for (String name : List.of("seal.json", "report.json.gz", "l-1.events.gz")) {
            files.put(name, Files.readAllBytes(folder(b).resolve(name)));
        }
        List<VerifyingKey> keys = SealKeys.verifying();
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            Map<String, byte[]> faulty = new TreeMap<>(files);
            String name = List.copyOf(files.keySet()).get(i % files.size());
            byte[] bytes = files.get(name);
            int place = random.nextInt(bytes.length);
            byte[] changed = i % 2 == 0 ? bytes.clone() : Arrays.copyOf(bytes, place);
            if (i % 2 == 0) {
                changed[place] ^= (byte) (1 << random.nextInt(8));
            }
            faulty.put(name, changed);
            assertThat(seed + ", round " + i + " in " + name + " at " + place, verify(faulty, keys).holds(), is(false));
            assertThat(verify(files, keys).holds(), is(true));
        }
    }

    private static Verification verify(Map<String, byte[]> files, List<VerifyingKey> keys) throws Exception {
        return Verification.of(name -> {
            if (!files.containsKey(name)) {
                throw new FileNotFoundException(name);
            }
            return new ByteArrayInputStream(files.get(name));
        }, keys);
    }

    @Test
    void onlyEvidenceIsServed(JenkinsRule r) throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node { hardenRunner { sh 'true' } }");
        JenkinsRule.WebClient client = r.createWebClient().withThrowExceptionOnFailingStatusCode(false);
        for (String name : List.of("block.json", "launches.tsv", "..%2F..%2Fbuild.xml", "l-2.events.gz")) {
            assertThat(name, client.goTo(evidence(b) + name, null).getWebResponse().getStatusCode() / 100, is(4));
        }
    }

    @Test
    void aDeletedBuildShowsInTheSeriesOfItsJob(JenkinsRule r) throws Exception {
        WorkflowJob job = r.createProject(WorkflowJob.class);
        job.setDefinition(new CpsFlowDefinition("node { hardenRunner { sh 'true' } }", true));
        WorkflowRun first = r.buildAndAssertSuccess(job);
        WorkflowRun second = r.buildAndAssertSuccess(job);
        WorkflowRun third = r.buildAndAssertSuccess(job);
        List<Seal> seals = List.of(verify(r, first).seal(), verify(r, second).seal(), verify(r, third).seal());
        assertThat(seals.stream().map(Seal::sequence).toList(), is(List.of(1L, 2L, 3L)));
        second.delete();
        List<Verification.Check> checks = SealSeries.check(SealLedger.of(job).lines(), Map.of(
                SealSeries.Entry.of(seals.get(0)).digest(), seals.get(0), SealSeries.Entry.of(seals.get(2)).digest(), seals.get(2)));
        assertThat(checks.stream().map(Verification.Check::result).toList(),
                is(List.of(Verification.Result.HOLDS, Verification.Result.UNKNOWN, Verification.Result.HOLDS)));
        JSONObject page = r.getJSON(evidence(third) + "verification").getJSONObject();
        assertThat(page.getBoolean("holds"), is(true));
        assertThat(page.getJSONArray("checks").toString(), containsString("removed since they were sealed: seal 2 (build 2)"));
    }

    @Test
    void aSealThatWasMadeAnewDoesNotFitTheSeries(JenkinsRule r) throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node { hardenRunner { sh 'true' } }");
        Seal old = verify(r, b).seal();
        // Somebody with the key: the folder alone verifies.
        Seal forged = new Seal(old.schema(), "2020-01-01T00:00:00Z", old.subject(), old.sequence(), old.previous(), old.policy(),
                old.helpers(), old.files(), old.launches());
        Files.write(folder(b).resolve("seal.json"), forged.sign(List.of(SealKeys.current())).toJson());
        assertThat(verify(r, b).holds(), is(true));
        JSONObject page = r.getJSON(evidence(b) + "verification").getJSONObject();
        assertThat(page.getBoolean("holds"), is(false));
        assertThat(page.getJSONArray("checks").toString(), containsString("it is not in the series"));
    }

    @Test
    void oldEventsGoWithASignedNoteAndTheSealStays(JenkinsRule r) throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node { hardenRunner { sh 'true' } }");
        EventPruning.prune(Instant.now().minus(Duration.ofDays(1)));
        assertThat(Files.exists(folder(b).resolve("l-1.events.gz")), is(true));
        EventPruning.prune(Instant.now().plus(Duration.ofDays(1)));
        assertThat(Files.exists(folder(b).resolve("l-1.events.gz")), is(false));
        Verification verification = verify(r, b);
        assertThat(verification.checks().toString(), verification.holds());
        assertThat(verification.checks().toString(), containsString("when its time was over"));
        Files.delete(folder(b).resolve("pruned.json"));
        assertThat(verify(r, b).holds(), is(false));
    }

    @Test
    void aNewKeyLeavesOldSealsValidAndOnlyAdministratorsMakeOne(JenkinsRule r) throws Exception {
        r.jenkins.setSecurityRealm(r.createDummySecurityRealm());
        r.jenkins.setAuthorizationStrategy(new MockAuthorizationStrategy()
                .grant(Jenkins.READ).everywhere().to("reader")
                .grant(Jenkins.ADMINISTER).everywhere().to("admin"));
        WorkflowRun b = Builds.run(r, Result.SUCCESS, "node { hardenRunner { sh 'true' } }");
        String before = SealKeys.current().verifying().id();
        JenkinsRule.WebClient reader = r.createWebClient().withThrowExceptionOnFailingStatusCode(false).login("reader");
        JenkinsRule.WebClient admin = r.createWebClient().withThrowExceptionOnFailingStatusCode(false).login("admin");
        assertThat(admin.goTo("harden-runner-keys/rotate", null).getWebResponse().getStatusCode() / 100, is(4));
        WebRequest post = new WebRequest(reader.createCrumbedUrl("harden-runner-keys/rotate"), HttpMethod.POST);
        assertThat(reader.getPage(post).getWebResponse().getStatusCode(), is(403));
        assertThat(SealKeys.current().verifying().id(), is(before));

        post = new WebRequest(admin.createCrumbedUrl("harden-runner-keys/rotate"), HttpMethod.POST);
        assertThat(admin.getPage(post).getWebResponse().getContentAsString(), containsString("BEGIN PUBLIC KEY"));
        assertThat(SealKeys.current().verifying().id(), is(not(before)));
        assertThat(SealKeys.verifying(), hasSize(2));
        assertThat(Verification.of(name -> Files.newInputStream(folder(b).resolve(name)), SealKeys.verifying()).holds(), is(true));
    }
}

package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hudson.Util;
import hudson.model.Result;
import io.jenkins.plugins.hardenrunner.collect.BlockStore;
import io.jenkins.plugins.hardenrunner.engine.audit.EventArchive;
import io.jenkins.plugins.hardenrunner.engine.audit.Verification;
import io.jenkins.plugins.hardenrunner.engine.event.Event;
import io.jenkins.plugins.hardenrunner.engine.event.EventReader;
import io.jenkins.plugins.hardenrunner.engine.event.Problem;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.seal.SealKeys;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/**
 * The machine of an agent dies at a random moment of a build that writes 1,000 events a second, and comes back with its disk
 * or without. {@code -Dharden.kills=50} does it 50 times.
 */
@WithJenkins
class AgentKillTest {
    private static final long POLL_MILLIS = 2_000;
    private static final int KILLS = Integer.getInteger("harden.kills", 2);
    /** Opens and removes files, 1,000 events a second; what a pause has cost is caught up with. */
    private static final String STORM = """
            use Time::HiRes qw(sleep time); my ($n, $start) = (0, time);
            while (1) {
              for (1..10) { open(F, '>', 'e-' . ++$n) or die "open: $!"; close F; unlink 'e-' . $n or die "unlink: $!"; }
              my $ahead = $start + $n / 500 - time; sleep $ahead if $ahead > 0;
            }
            """;

    @TempDir
    private Path folder;

    private JenkinsRule r;

    @Test
    void whatIsOlderThanTwoPollsIsStoredVerifiedAndShown(JenkinsRule rule) throws Exception {
        assumeTrue(Machine.isPossible(), "this user cannot make a process namespace (unshare --pid)");
        r = rule;
        long seed = Long.getLong("harden.seed", System.nanoTime());
        Random random = new Random(seed);
        Path disk = Files.createDirectory(folder.resolve("agent"));
        try (Machine machine = new Machine(r, "remote", disk)) {
            machine.boot();
            for (int i = 1; i <= KILLS; i++) {
                boolean diskLost = i % 2 == 0;
                long after = 1_000 + random.nextInt(9_000);
                try {
                    once(machine, disk, after, diskLost);
                } catch (AssertionError e) {
                    throw new AssertionError("kill " + i + " of seed " + seed + ", " + after + " ms after the first events, disk "
                            + (diskLost ? "lost" : "kept") + ": " + e.getMessage(), e);
                }
            }
        }
    }

    private void once(Machine machine, Path disk, long after, boolean diskLost) throws Exception {
        WorkflowJob job = Builds.job(r, "node('remote') { writeFile file: 'storm.pl', text: '''" + STORM + "'''\n"
                + "hardenRunner { sh 'exec perl storm.pl' } }");
        WorkflowRun b = job.scheduleBuild2(0).waitForStart();
        Builds.awaitEvents(b, "/e-200"); // so much that a rate can be told, whatever is lost
        Thread.sleep(after);
        long killed = System.currentTimeMillis();
        machine.kill();
        if (diskLost) {
            Util.deleteContentsRecursive(disk.toFile());
        }
        machine.boot();
        r.assertBuildStatus(Result.FAILURE, r.waitForCompletion(b));
        long ended = System.currentTimeMillis();

        String log = r.getLog(b);
        // Without its disk Jenkins misses the workspace, most often before us, and says so.
        assertThat(log, diskLost
                ? anyOf(containsString("is gone without a closing record"), containsString("missing workspace"))
                : containsString("Harden Runner: the supervisor of launch l-1 on agent 'remote' is gone without a closing record"));
        assertThat(log, containsString("its events are here up to number "));
        BlockStore store = BlockStore.of(b, Builds.blocks(b).get(0).getId());
        Verification verification = Verification.of(store::openEvidence, SealKeys.verifying());
        assertThat(verification.checks().toString(), verification.holds(), is(true));

        List<Event> events = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        try (InputStream in = EventArchive.open(store.openEvidence("l-1.events.gz"))) {
            new EventReader(verification.seal().launches().get(0).nonce()).read(in, events::add, problems::add);
        }
        problems.removeIf(problem -> problem.kind() == Problem.Kind.MISSING_END);
        assertThat(problems, is(empty()));
        long last = events.get(events.size() - 1).head().time();
        double rate = rate(events);
        System.out.println(String.format("kill after %5d ms, disk %s: newest event %4d ms before, %5d events stored, %4.0f a second, build ended %5d ms after",
                after, diskLost ? "lost" : "kept", killed - last, events.size(), rate, ended - killed));
        assertThat("age of the newest stored event at the kill", killed - last, lessThan(2 * POLL_MILLIS));
        assertThat("the build wrote 1,000 events a second", rate, greaterThan(900.0));

        Report report = Builds.report(b);
        assertThat(report.integrity.intact, is(false));
        assertThat(report.findings.stream().map(f -> f.message).toList().toString(), containsString("closing record"));
        assertThat(report.coverage.stream().anyMatch(line -> line.covered.equals("partly") && line.note != null
                && line.note.contains("its events are here up to number " + events.size())), is(true));
        assertThat(report.integrity.chainHeads.get(0).events, is((long) events.size()));
        assertThat(report.processes.size(), greaterThanOrEqualTo(2));
        assertThat(r.createWebClient().goTo(b.getUrl() + "harden-runner/").getWebResponse().getStatusCode(), is(200));
    }

    /** How many of the storm's own events were recorded a second, from its first to its newest one that is stored. */
    private static double rate(List<Event> events) {
        List<Long> times = events.stream()
                .filter(event -> event instanceof Event.FileAccess file && file.path().matches(".*/e-[0-9]+"))
                .map(event -> event.head().monotonic())
                .toList();
        return (times.size() - 1) * 1e6 / Math.max(1, times.get(times.size() - 1) - times.get(0));
    }
}

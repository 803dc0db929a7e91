package io.jenkins.plugins.hardenrunner.engine.baseline;

import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.NOW;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.SETTINGS;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.build;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.compare;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.complete;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.did;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.labels;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.of;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.review;
import static io.jenkins.plugins.hardenrunner.engine.baseline.Observations.seen;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReviewTest {
    private static final Subject PASTEBIN = Subject.endpoint("tcp", "pastebin.test", 443);

    /** A complete baseline, and a fourth build that calls somebody new. */
    private static Baseline deviating() {
        BlockBaseline baseline = complete(seen("a.test", "npm"));
        return of(Learning.record(baseline, did(seen("a.test", "npm"), seen("pastebin.test", "node")), SETTINGS, build(4)));
    }

    @Test
    void acceptedDeviationsAreKnownAndNoted() {
        Baseline after = review("alice").accept(deviating(), "default", PASTEBIN, List.of(), null, null);
        BlockBaseline block = after.block("default");
        assertThat(block.deviations(), empty());
        assertThat(block.state(SETTINGS), is(BaselineState.UNSTABLE));
        BaselineComparison next = compare(block, seen("a.test", "npm"), seen("pastebin.test", "node"));
        assertThat(next.deviations(), empty());
        assertThat(next.status().get(PASTEBIN), is(BaselineComparison.Status.ACCEPTED));
        Change change = after.changelog().get(0);
        assertThat(List.of(change.user(), change.action(), change.subject(), change.comment(), change.build()),
                is(List.of("alice", Change.Action.ACCEPT, "pastebin.test:443", "because", 9)));
        for (int n = 5; n < 5 + SETTINGS.unstableBuilds(); n++) {
            assertThat(block.state(SETTINGS), is(BaselineState.UNSTABLE));
            block = Learning.record(block, did(), SETTINGS, build(n));
        }
        assertThat(block.state(SETTINGS), is(BaselineState.STABLE));
    }

    @Test
    void acceptanceHoldsForTheProgramsThatWereReviewed() {
        BlockBaseline block = review("alice").accept(deviating(), "default", PASTEBIN, List.of(), null, null).block("default");
        assertThat(labels(compare(block, seen("pastebin.test", "curl"))), contains("pastebin.test:443 by curl"));
        Baseline again = review("alice").accept(of(block), "default", PASTEBIN.by("curl"), List.of(), null, null);
        assertThat(labels(compare(again.block("default"), seen("pastebin.test", "curl", "node"))), empty());
        Baseline any = review("alice").accept(of(block), "default", PASTEBIN, List.of("*"), null, null);
        assertThat(labels(compare(any.block("default"), seen("pastebin.test", "anything"))), empty());
    }

    @Test
    void expiredAcceptanceIsADeviationAgainAndSaysWhose() {
        BlockBaseline block = review("alice").accept(deviating(), "default", PASTEBIN, List.of(), null, NOW.plus(Duration.ofDays(1)))
                .block("default");
        assertThat(labels(compare(block, seen("pastebin.test", "node"))), empty());
        BaselineComparison later = BaselineComparison.of(block, did(seen("pastebin.test", "node")), SETTINGS, NOW.plus(Duration.ofDays(2)));
        assertThat(labels(later), contains("pastebin.test:443"));
        assertThat(later.deviations().get(0).expired().by(), is("alice"));
        assertThrows(PolicyException.class, () -> review("alice").accept(deviating(), "default", PASTEBIN, List.of(), null, NOW));
    }

    @Test
    void unwantedEndpointsGoOnTheBlockListAndAreNoDeviation() {
        Baseline after = review("bob").unwanted(deviating(), "default", PASTEBIN);
        BlockBaseline block = after.block("default");
        assertThat(block.deviations(), empty());
        assertThat(BaselinePolicy.blocked(block).get(0).endpoint().toString(), is("pastebin.test:443"));
        assertThat(BaselinePolicy.blocked(block).get(0).reason(), is("marked as unwanted by bob: because"));
        BaselineComparison next = compare(block, seen("pastebin.test", "node"));
        assertThat(next.status().get(PASTEBIN), is(BaselineComparison.Status.UNWANTED));
        // Learning after a reset does not bring it back.
        BlockBaseline reset = review("bob").reset(after, "default").block("default");
        assertThat(Learning.record(reset, did(seen("pastebin.test", "node")), SETTINGS, build(9)).entries(), empty());
        // Somebody who changes their mind takes it off the list.
        assertThat(review("bob").accept(after, "default", PASTEBIN, List.of("node"), null, null).block("default").unwanted(), empty());
    }

    @Test
    void commentsStayInTheirLine() {
        Review review = new Review(SETTINGS, "bob", NOW, "first\r\nother.test:443 # \u2028second\u0000", null);
        BlockBaseline block = review.unwanted(deviating(), "default", PASTEBIN).block("default");
        assertThat(BaselinePolicy.blocked(block).get(0).reason(), is("marked as unwanted by bob: first other.test:443 # second"));
    }

    @Test
    void namesThatWereOnlyAskedForAreUnwantedOnEveryPort() {
        Subject query = Subject.endpoint("dns", "exfil.test", 53);
        BlockBaseline block = review("bob").unwanted(deviating(), "default", query).block("default");
        assertThat(BaselinePolicy.blocked(block).stream().map(entry -> entry.endpoint().toString()).toList(),
                contains("exfil.test:*", "udp://exfil.test:*"));
    }

    @Test
    void whatNoRuleCanNameIsNotPutOnTheBlockList() {
        for (Subject subject : List.of(Subject.endpoint("tcp", "<img src=x>", 443), Subject.file("a"), PASTEBIN.by("node"))) {
            assertThrows(IllegalArgumentException.class, () -> review("bob").unwanted(deviating(), "default", subject));
        }
    }

    @Test
    void patternsCoverWhatTheyMatchAndNothingElse() {
        Subject shard = Subject.endpoint("tcp", "r1.cdn.test", 443);
        Baseline before = of(Learning.record(complete(), did(seen("r1.cdn.test", "npm"), seen("r2.cdn.test", "npm")), SETTINGS, build(4)));
        Baseline after = review("alice").accept(before, "default", shard, List.of(), "*.cdn.test", null);
        assertThat(after.block("default").deviations(), empty());
        assertThat(labels(compare(after.block("default"), seen("r9.cdn.test", "npm"), seen("cdn.test", "npm"), seen("evilcdn.test", "npm"))),
                contains("cdn.test:443", "evilcdn.test:443"));
        assertThat(compare(after.block("default")).gone(), hasSize(1));
        for (String wrong : List.of("*.other.test:443", "*.cdn.test:80", "udp://*.cdn.test:443", "*.cdn.test:1-65535", "*", "*.com:443")) {
            assertThrows(PolicyException.class,
                    () -> review("alice").accept(before, "default", shard, List.of(), wrong, null), wrong);
        }
    }

    @Test
    void onlyWhatAPersonStandsForBecomesPolicy() {
        Baseline learned = deviating();
        assertThat(BaselinePolicy.allowed(learned.block("default"), NOW), empty());
        BlockBaseline stood = review("alice").acceptAll(learned, "default").block("default");
        assertThat(BaselinePolicy.allowed(stood, NOW).stream().map(allowed -> allowed.endpoint() + " " + allowed.reason()).toList(),
                contains("a.test:443 accepted by alice on 2026-11-23: because"));
        assertThat("accepting what is known changes nothing that is normal", stood.state(SETTINGS), is(BaselineState.STABLE));
    }

    @Test
    void removedEntriesDeviateAgain() {
        BlockBaseline block = deviating().block("default");
        Baseline after = review("alice").remove(of(block), "default", block.entries().get(0).id());
        assertThat(labels(compare(after.block("default"), seen("a.test", "npm"))), contains("a.test:443"));
        Review.NotFoundException missing = assertThrows(Review.NotFoundException.class,
                () -> review("alice").remove(after, "default", block.entries().get(0).id()));
        assertThat(missing.getMessage(), containsString("no entry"));
        assertThrows(Review.NotFoundException.class, () -> review("alice").reset(after, "elsewhere"));
    }

    @Test
    void takingOverReplacesBlocksByNameAndLeavesOthers() {
        Baseline mine = of(complete(seen("a.test", "npm")));
        BlockBaseline other = new BlockBaseline("other", 3, 3, null, List.of(), List.of(), List.of());
        Baseline after = review("alice").takeOver(mine, List.of(other), Change.Action.SEED, "team/app");
        assertThat(after.blocks().stream().map(BlockBaseline::name).toList(), contains("default", "other"));
        assertThat(after.changelog().get(0).subject(), containsString("team/app"));
    }
}

package io.jenkins.plugins.hardenrunner.engine.audit;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.hardenrunner.engine.audit.Verification.Check;
import io.jenkins.plugins.hardenrunner.engine.audit.Verification.Result;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SealSeriesTest {
    private final List<String> lines = new ArrayList<>();
    private final Map<String, Seal> present = new LinkedHashMap<>();
    private final List<String> digests = new ArrayList<>();

    private static Seal seal(long sequence, String previous) {
        return new Seal(1, "2026-11-23T12:00:0" + sequence + "Z", new Seal.Subject("", "team/app", 10 + sequence, "0123456789abcdef"), sequence,
                previous, "", List.of(), List.of(), List.of());
    }

    @BeforeEach
    void fourBuilds() {
        String previous = null;
        for (int i = 1; i <= 4; i++) {
            Seal seal = seal(i, previous);
            SealSeries.Entry entry = SealSeries.Entry.of(seal);
            lines.add(entry.line());
            present.put(entry.digest(), seal);
            digests.add(entry.digest());
            previous = entry.digest();
        }
    }

    private List<Result> results() {
        return SealSeries.check(lines, present).stream().map(Check::result).toList();
    }

    @Test
    void anHonestSeriesHolds() {
        assertThat(results(), contains(Result.HOLDS, Result.HOLDS, Result.HOLDS, Result.HOLDS));
    }

    @Test
    void aDeletedBuildShows() {
        present.remove(digests.get(1));
        assertThat(SealSeries.check(lines, present), hasItem(new Check("seal 2 (build 12)", Result.UNKNOWN, "the build, or its seal, was removed")));
    }

    @Test
    void aRemovedLineShows() {
        present.remove(digests.get(1));
        lines.remove(1);
        assertThat(results(), hasItem(Result.FAILS));
    }

    @Test
    void theFirstLineCannotBeRemovedEither() {
        present.remove(digests.get(0));
        lines.remove(0);
        assertThat(results(), hasItem(Result.FAILS));
    }

    @Test
    void aSealThatWasMadeAnewShows() {
        present.remove(digests.get(1));
        Seal forged = new Seal(1, "2026-11-23T13:00:00Z", new Seal.Subject("", "team/app", 12, "0123456789abcdef"), 2, digests.get(0), "", List.of(), List.of(), List.of());
        present.put(SealSeries.Entry.of(forged).digest(), forged);
        assertThat(results(), hasItem(Result.FAILS));
        lines.set(1, SealSeries.Entry.of(forged).line());
        assertThat("and the one behind it says so even if the line was written anew", results(), hasItem(Result.FAILS));
    }

    @Test
    void linesThatAreNoneAreTold() throws EvidenceException {
        assertThat(SealSeries.Entry.parse(lines.get(0)).line(), equalTo(lines.get(0)));
        assertThrows(EvidenceException.class, () -> SealSeries.Entry.parse("1 2 3"));
        lines.add(1, "garbage");
        assertThat(SealSeries.check(lines, present).toString(), containsString("line 2"));
    }
}

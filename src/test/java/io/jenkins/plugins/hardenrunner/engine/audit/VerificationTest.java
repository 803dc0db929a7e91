package io.jenkins.plugins.hardenrunner.engine.audit;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.hardenrunner.engine.Sha256;
import io.jenkins.plugins.hardenrunner.engine.audit.Verification.Check;
import io.jenkins.plugins.hardenrunner.engine.audit.Verification.Result;
import io.jenkins.plugins.hardenrunner.engine.event.EventReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VerificationTest {
    private static final int ROUNDS = 1000;
    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    @Test
    void aThousandHonestFoldersHold() throws IOException {
        for (int i = 0; i < ROUNDS; i++) {
            Verification verification = new SealedFolder(random, i % 2 == 0).verify();
            assertThat(seed + ": " + verification.checks(), verification.holds());
            assertThat(verification.checks().toString(), verification.checks().stream().allMatch(check -> check.result() == Result.HOLDS));
        }
    }

    @Test
    void aThousandSingleFaultsInAnyStoredFileAreFound() throws IOException {
        for (int i = 0; i < ROUNDS; i++) {
            SealedFolder folder = new SealedFolder(random, i % 2 == 0);
            List<String> names = new ArrayList<>(folder.files.keySet());
            String name = names.get(random.nextInt(names.size()));
            Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
            folder.files.put(name, fault.in(folder.files.get(name), random));
            assertThat(seed + ", round " + i + ": " + fault + " in " + name, folder.verify().holds(), is(false));
        }
    }

    @Test
    void aThousandSingleFaultsInEventsAreFoundByChainAndNonceAlone() throws IOException {
        for (int i = 0; i < ROUNDS; i++) {
            Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
            byte[] faulty = fault.in(SealedFolder.events(random), random);
            EventReader.Summary summary = new EventReader(SealedFolder.NONCE).read(new ByteArrayInputStream(faulty), event -> { }, problem -> { });
            assertThat(seed + ", round " + i + ": " + fault + "\n" + new String(faulty, StandardCharsets.UTF_8), summary.problems(), greaterThan(0L));
        }
    }

    @Test
    void aMissingFileAndAMissingSealAreNamed() throws IOException {
        SealedFolder folder = new SealedFolder(random, false);
        folder.files.remove("report.json");
        assertThat(folder.verify().checks(), hasItem(new Check("report.json", Result.FAILS, "it is missing")));
        folder.files.remove(Verification.SEAL);
        assertThat(folder.verify().checks(), equalTo(List.of(new Check("seal", Result.FAILS, "there is no seal.json"))));
    }

    @Test
    void aSealOfAnotherKeyOrOfNoneDoesNotCount() throws IOException {
        SealedFolder folder = new SealedFolder(random, false);
        Verification foreign = Verification.of(folder, List.of(SigningKey.generate().verifying()));
        assertThat(foreign.checks(), hasItem(new Check("signature", Result.FAILS, "none of the signatures is of a given key")));

        List<Seal.Launch> launches = folder.verify().seal().launches();
        folder.seal(launches, List.of());
        assertThat(folder.verify().holds(), is(false));
        Verification believed = Verification.of(folder, List.of());
        assertThat(believed.holds(), is(true));
        assertThat(believed.checks().get(1).result(), is(Result.UNKNOWN));
        assertThat(believed.checks().get(1).detail(), containsString("not signed"));
    }

    @Test
    void whatWasPrunedKeepsItsSeal() throws IOException {
        SealedFolder folder = new SealedFolder(random, false);
        Seal.Launch launch = folder.verify().seal().launches().get(0);
        folder.files.remove("l-1.ndjson");
        folder.seal(List.of(new Seal.Launch(launch.id(), launch.nonce(), launch.events(), launch.head(), true, true, null)), List.of(SealedFolder.KEY));
        assertThat(folder.verify().holds(), is(true));
        assertThat(folder.verify().checks().toString(), containsString("were not kept"));
    }

    @Test
    void onlyASignedPruningExplainsAMissingFile() throws IOException {
        SealedFolder folder = new SealedFolder(random, true);
        String seal = Sha256.hex(folder.verify().seal().toJson());
        folder.files.remove("l-1.events.gz");
        assertThat(folder.verify().holds(), is(false));
        Pruning pruning = new Pruning(1, "2026-12-24T00:00:00Z", seal, List.of("l-1.events.gz"));
        folder.files.put(Pruning.FILE, pruning.sign(List.of(SealedFolder.KEY)).toJson());
        assertThat(folder.verify().checks().toString(), folder.verify().holds(), is(true));
        assertThat(folder.verify().checks().toString(), containsString("2026-12-24"));
        folder.files.put(Pruning.FILE, pruning.sign(List.of(SigningKey.generate())).toJson());
        assertThat(folder.verify().holds(), is(false));
        folder.files.put(Pruning.FILE, new Pruning(1, "x", "00", List.of("l-1.events.gz")).sign(List.of(SealedFolder.KEY)).toJson());
        assertThat(folder.verify().checks().toString(), containsString("another seal"));
        folder.files.put(Pruning.FILE, "garbage".getBytes(StandardCharsets.UTF_8));
        assertThat(folder.verify().holds(), is(false));
    }

    @Test
    void eventsThatWereBrokenWhenSealedDoNotFailAgain() throws IOException {
        SealedFolder folder = new SealedFolder(random, false);
        byte[] cut = Fault.CUT_AT_LINE.in(folder.files.get("l-1.ndjson"), random);
        folder.files.put("l-1.ndjson", cut);
        EventReader.Summary summary = new EventReader(SealedFolder.NONCE).read(new ByteArrayInputStream(cut), event -> { }, problem -> { });
        folder.seal(List.of(new Seal.Launch("l-1", SealedFolder.NONCE, summary.events(), summary.head(), summary.ended(), false, "l-1.ndjson")),
                List.of(SealedFolder.KEY));
        assertThat(folder.verify().checks().toString(), folder.verify().holds(), is(true));
        assertThat(folder.verify().checks().toString(), containsString("not whole when they were sealed"));
    }

    @Test
    void aSealCannotNameAFileElsewhere() throws IOException {
        SealedFolder folder = new SealedFolder(random, false);
        String payload = new String(folder.verify().seal().toJson(), StandardCharsets.UTF_8).replace("\"report.json\"", "\"../../secret\"");
        Envelope envelope = Envelope.sign(Seal.TYPE, payload.getBytes(StandardCharsets.UTF_8), List.of(SealedFolder.KEY));
        folder.files.put(Verification.SEAL, envelope.toJson());
        assertThat(folder.verify().checks().get(0).detail(), containsString("no plain file name"));
    }
}

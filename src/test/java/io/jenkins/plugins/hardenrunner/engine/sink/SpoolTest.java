package io.jenkins.plugins.hardenrunner.engine.sink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.nullValue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    private static final long LARGE = 1 << 20;

    @TempDir
    Path folder;

    private Spool open(long bound) throws IOException {
        return new Spool(folder, bound, Clock.systemUTC());
    }

    private static List<String> ids(Delivery delivery) {
        return delivery.messages().stream().map(SinkMessage::id).toList();
    }

    /** Text that does not get smaller. */
    private static SinkMessage noise(Random random) {
        StringBuilder text = new StringBuilder();
        random.ints(900, '!', '~').forEach(text::appendCodePoint);
        return Messages.message("n", text.toString());
    }

    @Test
    void deliveriesComeInOrderAlsoAfterARestart() throws Exception {
        Spool spool = open(LARGE);
        for (int i = 0; i < 12; i++) {
            assertThat(spool.offer(List.of(Messages.message("m" + i, "x")), false), is(true));
        }
        List<String> seen = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            spool = open(LARGE);
            Delivery delivery = spool.peek();
            assertThat(spool.peek().id(), is(delivery.id()));
            seen.addAll(ids(delivery));
            spool.delivered(delivery.id());
        }
        assertThat(seen, is(List.of("m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9", "m10", "m11")));
        assertThat(open(LARGE).peek(), nullValue());
        assertThat(open(LARGE).status().bytes(), is(0L));
    }

    @Test
    void theBoundHoldsAndWhatIsLostIsCounted() throws Exception {
        Random random = new Random(1);
        Spool spool = open(20_000);
        int taken = 0;
        for (int i = 0; i < 100; i++) {
            taken += spool.offer(List.of(noise(random)), false) ? 1 : 0;
            assertThat(spool.status().bytes(), lessThanOrEqualTo(20_000L));
        }
        assertThat(spool.lost().messages(), is(100L - taken));
        try (Stream<Path> files = Files.walk(folder.resolve("pending"))) {
            assertThat(files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum(), is(spool.status().bytes()));
        }
        assertThat("after a restart", open(20_000).lost().messages(), is(100L - taken));
        spool.clearLost();
        assertThat(open(20_000).lost(), nullValue());
    }

    @Test
    void eventsLeaveRoomForFindings() throws Exception {
        Random random = new Random(1);
        Spool spool = open(20_000);
        while (spool.offer(List.of(noise(random)), true)) {
            // until the events' share is full
        }
        assertThat(spool.offer(List.of(noise(random)), true), is(false));
        assertThat(spool.offer(List.of(noise(random)), false), is(true));
    }

    @Test
    void deadLettersKeepTheirReasonAndCanBeSentAgainOrDiscarded() throws Exception {
        Spool spool = open(LARGE);
        spool.offer(Messages.messages(3), false);
        spool.offer(List.of(Messages.message("later", "x")), false);
        String id = spool.peek().id();
        spool.bury(id, "status 413");
        assertThat(ids(spool.peek()), is(List.of("later")));
        spool = open(LARGE);
        assertThat(spool.deadLetters(), hasSize(1));
        assertThat(spool.deadLetters().get(0).reason(), is("status 413"));
        assertThat(spool.deadLetters().get(0).messages(), is(3));
        assertThat(spool.revive(id), is(true));
        assertThat("first again", spool.peek().id(), is(id));
        spool.bury(id, "again");
        assertThat(spool.discard(id), is(true));
        assertThat(spool.discard(id), is(false));
        assertThat(spool.revive("../../etc/passwd"), is(false));
        assertThat(open(LARGE).deadLetters(), empty());
        try (Stream<Path> files = Files.list(folder.resolve("dead"))) {
            assertThat(files.toList(), empty());
        }
    }

    @Test
    void oldDeadLettersGiveWayToWhatIsNew() throws Exception {
        Random random = new Random(1);
        Spool spool = open(20_000);
        for (int i = 0; i < 15; i++) {
            spool.offer(List.of(noise(random)), false);
            spool.bury(spool.peek().id(), "reason " + i);
        }
        int before = spool.deadLetters().size();
        while (before == spool.deadLetters().size()) {
            assertThat(spool.offer(List.of(noise(random)), false), is(true));
        }
        assertThat(spool.deadLetters().get(0).reason(), is("reason 1"));
        assertThat("they never arrived", spool.lost().messages(), is(1L));
    }

    @Test
    void whatCannotBeReadBecomesADeadLetter() throws Exception {
        Spool spool = open(LARGE);
        spool.offer(Messages.messages(1), false);
        spool.offer(List.of(Messages.message("whole", "x")), false);
        try (Stream<Path> files = Files.list(folder.resolve("pending"))) {
            Path first = files.sorted().findFirst().orElseThrow();
            byte[] bytes = Files.readAllBytes(first);
            Files.write(first, java.util.Arrays.copyOf(bytes, bytes.length / 2));
        }
        spool = open(LARGE);
        assertThat(ids(spool.peek()), is(List.of("whole")));
        assertThat(spool.deadLetters().get(0).reason(), containsString("cannot be read"));
    }

    @Test
    void whatACrashLeftUnfinishedIsRemoved() throws Exception {
        open(LARGE);
        Path unfinished = folder.resolve("pending").resolve("000000000001-1-1-" + "0".repeat(32) + ".ndjson.gz.new");
        Files.write(unfinished, new byte[] {1});
        assertThat(open(LARGE).peek(), nullValue());
        assertThat(Files.exists(unfinished), is(false));
    }
}

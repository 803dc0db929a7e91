package io.jenkins.plugins.hardenrunner.engine.sink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.nullValue;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SinkQueueTest {
    private static final Duration PATIENCE = Duration.ofHours(72);

    @TempDir
    Path folder;

    private final Hands clock = new Hands();
    private final List<String> received = new ArrayList<>();
    private SendResult answer = new SendResult.Delivered("");
    private SinkQueue queue;

    /** A clock that stands until it is moved. */
    private static final class Hands extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @BeforeEach
    void open() throws Exception {
        queue = new SinkQueue(new Spool(folder, 1 << 20, clock), clock, new Random(1));
    }

    private SendResult send(Delivery delivery) {
        delivery.messages().forEach(message -> received.add(message.kind().equals("gap") ? "gap" : message.id()));
        return answer;
    }

    private Instant attempt() throws Exception {
        return queue.attempt(this::send, PATIENCE, "https://ci.example.com/");
    }

    @Test
    void messagesArriveOnceAndInOrder() throws Exception {
        queue.offer(Messages.messages(1200), false);
        while (attempt() != null) {
            // until nothing waits
        }
        assertThat(received, is(Messages.messages(1200).stream().map(SinkMessage::id).toList()));
        assertThat(attempt(), nullValue());
        assertThat(received, hasSize(1200));
    }

    @Test
    void deliveriesAreBounded() throws Exception {
        queue.offer(Messages.messages(1200), false);
        assertThat(queue.spool().status().deliveries(), is(3));
        List<SinkMessage> large = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            large.add(Messages.message("m" + i, "x".repeat(950)));
        }
        queue.offer(large, false);
        while (queue.attempt(delivery -> {
            int characters = delivery.messages().stream().mapToInt(message -> message.toJson().length()).sum();
            assertThat(characters, is(lessThanOrEqualTo(Delivery.MOST_CHARACTERS)));
            return new SendResult.Delivered("");
        }, PATIENCE, "") != null) {
            // each of them
        }
    }

    @Test
    void nothingIsLostWhileTheReceiverIsDown() throws Exception {
        answer = new SendResult.Failed("connection refused", null);
        queue.offer(Messages.messages(700), false);
        Set<Long> waits = new HashSet<>();
        int attempts = 0;
        Instant until = clock.now.plus(Duration.ofHours(2));
        while (clock.now.isBefore(until)) {
            Instant due = attempt();
            attempts++;
            waits.add(Duration.between(clock.now, due).toMillis());
            assertThat("not before its time", attempt(), is(due));
            clock.now = due;
        }
        assertThat("back-off", attempts, is(lessThanOrEqualTo(60)));
        assertThat("longest wait", waits, everyItem(is(lessThanOrEqualTo(300_000L))));
        assertThat("jitter", waits.size(), is(greaterThanOrEqualTo(attempts - 2)));
        assertThat(queue.progress().lastReason(), is("connection refused"));
        received.clear();
        // A restart of Jenkins in between.
        open();
        answer = new SendResult.Delivered("");
        queue.offer(List.of(Messages.message("new", "x")), false);
        while (attempt() != null) {
            // all
        }
        assertThat(received, hasSize(701));
        assertThat(new HashSet<>(received), hasSize(701));
        assertThat(received.get(700), is("new"));
    }

    @Test
    void theReceiversWishIsHeeded() throws Exception {
        answer = new SendResult.Failed("status 429", Duration.ofMinutes(10));
        queue.offer(Messages.messages(1), false);
        assertThat(attempt(), is(clock.now.plus(Duration.ofMinutes(10))));
        clock.now = clock.now.plus(Duration.ofMinutes(10));
        answer = new SendResult.Failed("status 429", Duration.ofDays(100));
        assertThat("but not for ever", attempt(), is(clock.now.plus(Duration.ofHours(1))));
    }

    @Test
    void whatIsRejectedDoesNotHoldUpTheRest() throws Exception {
        queue.offer(List.of(Messages.message("bad", "x")), false);
        queue.offer(List.of(Messages.message("good", "x")), false);
        answer = new SendResult.Rejected("status 413");
        attempt();
        answer = new SendResult.Delivered("");
        assertThat(attempt(), nullValue());
        assertThat(received, is(List.of("bad", "good")));
        assertThat(queue.spool().deadLetters().get(0).reason(), is("status 413"));
        queue.spool().revive(queue.spool().deadLetters().get(0).id());
        attempt();
        assertThat(received, is(List.of("bad", "good", "bad")));
    }

    @Test
    void whatFailsTooLongIsGivenUp() throws Exception {
        answer = new SendResult.Failed("connection refused", null);
        queue.offer(Messages.messages(1), false);
        attempt();
        clock.now = clock.now.plus(PATIENCE).plusSeconds(1);
        assertThat(attempt(), nullValue());
        Spool.DeadLetter letter = queue.spool().deadLetters().get(0);
        assertThat(letter.reason(), containsString("given up after 72 hours: connection refused"));
        // Sent again it has its time anew.
        queue.spool().revive(letter.id());
        queue.hurry();
        attempt();
        assertThat(queue.spool().deadLetters(), empty());
    }

    @Test
    void theReceiverIsToldOfWhatWasLost() throws Exception {
        queue.offer(Messages.messages(1), false);
        queue.spool().setBound(1);
        assertThat(queue.offer(Messages.messages(600), false), is(600));
        queue.spool().setBound(1 << 20);
        while (attempt() != null) {
            // all
        }
        assertThat(received, is(List.of("m0", "gap")));
        assertThat(queue.spool().lost(), nullValue());
    }
}

package io.jenkins.plugins.hardenrunner.engine.event;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventReaderTest {
    private final List<Event> events = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    private EventReader.Summary read(String text) throws IOException {
        return read(EventLog.stream(text), EventLog.NONCE);
    }

    private EventReader.Summary read(InputStream in, String nonce) throws IOException {
        events.clear();
        problems.clear();
        return new EventReader(nonce).read(in, events::add, problems::add);
    }

    private List<Problem.Kind> kinds() {
        return problems.stream().map(Problem::kind).toList();
    }

    private static EventLog sample() {
        return new EventLog().start("sh", "-c", "true")
                .process(1, 0, "/bin/sh", "/ws", "sh", "-c", "true")
                .connect(1, "192.0.2.1", 443, "a.example", "allowed", "a1")
                .dns(1, "a.example", "allowed", "a1")
                .write(1, "/ws/x", "allowed", "default")
                .add("refused", "'p':1,'pid':101,'what':'io_uring','detail':'io_uring_setup','errno':'ENOSYS'")
                .end(0);
    }

    @Test
    void readsEachKindInOrderWithoutProblems() throws IOException {
        EventReader.Summary summary = read(sample().text());
        assertThat(problems, empty());
        assertThat(events, contains(instanceOf(Event.Start.class), instanceOf(Event.Image.class), instanceOf(Event.Net.class),
                instanceOf(Event.Dns.class), instanceOf(Event.FileAccess.class), instanceOf(Event.Refused.class),
                instanceOf(Event.Exit.class), instanceOf(Event.End.class)));
        assertThat(summary.ended(), is(true));
        assertThat(summary.events(), is(8L));
        String last = sample().lines().get(7);
        assertThat(summary.head(), is(last.substring(last.length() - 66, last.length() - 2)));
    }

    @Test
    void theChainIsTheDocumentedOne() throws Exception {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        byte[] h0 = sha.digest(("harden-events 1\n" + EventLog.NONCE).getBytes(StandardCharsets.US_ASCII));
        String line = sample().lines().get(0);
        sha.update(h0);
        byte[] h1 = sha.digest(line.substring(0, line.indexOf(",\"h\":\"")).getBytes(StandardCharsets.UTF_8));
        assertThat(line.endsWith(",\"h\":\"" + HexFormat.of().formatHex(h1) + "\"}"), is(true));
    }

    @Test
    void anAlteredLineIsFoundWhereItIsAndOnlyThere() throws IOException {
        read(sample().text().replace("192.0.2.1", "192.0.2.2"));
        assertThat(problems, hasSize(1));
        assertThat(problems.get(0).kind(), is(Problem.Kind.ALTERED));
        assertThat(problems.get(0).line(), is(3L));
        assertThat(events, hasSize(8));
    }

    @Test
    void everyFlippedByteIsNoticed() throws IOException {
        byte[] original = sample().text().getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < original.length; i += 7) {
            byte[] altered = original.clone();
            altered[i] ^= 1;
            read(new ByteArrayInputStream(altered), EventLog.NONCE);
            assertThat("byte " + i, problems, not(empty()));
        }
    }

    @Test
    void aRemovedLineIsAGap() throws IOException {
        List<String> lines = new ArrayList<>(sample().lines());
        lines.remove(3);
        read(String.join("\n", lines) + "\n");
        assertThat(kinds(), contains(Problem.Kind.GAP, Problem.Kind.WRONG_END));
        assertThat(problems.get(0).line(), is(4L));
    }

    @Test
    void swappedAndRepeatedLinesAreNoticed() throws IOException {
        List<String> lines = new ArrayList<>(sample().lines());
        Collections.swap(lines, 2, 3);
        read(String.join("\n", lines) + "\n");
        assertThat(kinds(), hasItem(Problem.Kind.GAP));
        lines = new ArrayList<>(sample().lines());
        lines.add(3, lines.get(2));
        read(String.join("\n", lines) + "\n");
        assertThat(kinds(), hasItem(Problem.Kind.GAP));
    }

    @Test
    void aFileWithItsLastLinesCutOffLacksItsClosingRecord() throws IOException {
        List<String> lines = sample().lines().subList(0, 5);
        read(String.join("\n", lines) + "\n");
        assertThat(kinds(), contains(Problem.Kind.MISSING_END));
        read(String.join("\n", lines));
        assertThat(kinds(), contains(Problem.Kind.TRUNCATED_LINE, Problem.Kind.MISSING_END));
    }

    @Test
    void aWholeFileOfAnotherLaunchIsForeign() throws IOException {
        read(new EventLog("beef").start("true").end(0).stream(), EventLog.NONCE);
        assertThat(kinds(), contains(Problem.Kind.FOREIGN_NONCE, Problem.Kind.ALTERED));
    }

    /** Rewriting the nonce in the first line does not make a foreign file ours. */
    @Test
    void aForeignFileWithOurNonceWrittenIntoItIsAltered() throws IOException {
        read(new EventLog("beef").start("true").end(0).text().replace("\"nonce\":\"beef\"", "\"nonce\":\"" + EventLog.NONCE + "\""));
        assertThat(kinds(), contains(Problem.Kind.ALTERED));
    }

    @Test
    void withoutAnExpectedNonceTheFilesOwnIsBelieved() throws IOException {
        read(new EventLog("beef").start("true").end(0).stream(), null);
        assertThat(problems, empty());
    }

    @Test
    void anEmptyFileHasNeitherStartNorEnd() throws IOException {
        read("");
        assertThat(kinds(), contains(Problem.Kind.MISSING_START, Problem.Kind.MISSING_END));
    }

    @Test
    void anUnknownKindIsAProblemAndReadingGoesOn() throws IOException {
        EventLog log = new EventLog().start("true").add("teleport", "'p':1").end(0);
        read(log.text());
        assertThat(kinds(), contains(Problem.Kind.UNKNOWN_KIND));
        assertThat(events, hasSize(3));
    }

    @Test
    void unknownFieldsOfKnownKindsAreNoProblem() throws IOException {
        read(new EventLog().start("true").add("exit", "'status':0,'signal':0,'core':true").end(0).text());
        assertThat(problems, empty());
    }

    @Test
    void missingAndMistypedFieldsAreNamed() throws IOException {
        read(new EventLog().start("true").add("net", "'p':1,'pid':2").add("exit", "'status':'7','signal':0")
                .add("exit", "'status':256,'signal':0").add("net", "'p':-1,'pid':2").end(0).text());
        assertThat(kinds(), contains(Problem.Kind.INVALID_EVENT, Problem.Kind.INVALID_EVENT, Problem.Kind.INVALID_EVENT,
                Problem.Kind.INVALID_EVENT));
        assertThat(problems.get(0).detail(), is("'proto' is missing"));
        assertThat(problems.get(1).detail(), is("'status' is of the wrong type or out of range"));
    }

    @Test
    void anUnknownSchemaIsTold() throws IOException {
        EventLog log = new EventLog();
        log.add("start", new EventLog().start("true").lines().get(0).replaceAll("^.*?\"k\":\"start\",|,\"h\":.*$", "")
                .replace("\"schema\":1", "\"schema\":2")).end(0);
        read(log.text());
        assertThat(kinds(), contains(Problem.Kind.UNKNOWN_SCHEMA));
    }

    @Test
    void aLineThatIsTooLongIsSkippedWithoutBeingKept() throws IOException {
        String long1 = "{\"seq\":2," + "x".repeat(EventReader.MAX_LINE * 4);
        List<String> lines = new ArrayList<>(sample().lines());
        lines.add(1, long1);
        read(String.join("\n", lines) + "\n");
        assertThat(kinds(), hasItem(Problem.Kind.LONG_LINE));
        assertThat(events, hasSize(8));
    }

    @Test
    void endlessInputWithoutNewlineTakesBoundedMemory() throws IOException {
        InputStream endless = new InputStream() {
            private long left = 200L << 20;

            @Override
            public int read() {
                return left-- > 0 ? 'x' : -1;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                if (left <= 0) {
                    return -1;
                }
                left -= length;
                Arrays.fill(buffer, offset, offset + length, (byte) 'x');
                return length;
            }
        };
        read(endless, EventLog.NONCE);
        assertThat(events, empty());
        assertThat(kinds(), hasItem(Problem.Kind.TRUNCATED_LINE));
    }

    @Test
    void millionsOfBadLinesGiveAThousandProblemsAndACount() throws IOException {
        read("x\n".repeat(5000));
        assertThat(problems.size(), lessThanOrEqualTo(1001));
        assertThat(problems.get(problems.size() - 1).kind(), is(Problem.Kind.TOO_MANY));
    }

    @Test
    void moreEventsThanTheCapAreNotDelivered() throws IOException {
        EventReader.Summary summary = new EventReader(EventLog.NONCE, 3).read(sample().stream(), events::add, problems::add);
        assertThat(events, hasSize(3));
        assertThat(kinds(), hasItem(Problem.Kind.TOO_MANY));
        assertThat(summary.ended(), is(false));
    }

    @Test
    void hostileJsonIsUnparseableAndNothingElse() throws IOException {
        for (String body : List.of("{\"seq\":2", "{\"a\":" + "[".repeat(5000), "[1]", "{\"seq\":" + "9".repeat(5000),
                "{\"seq\":2,\"seq\":3", "{\"seq\":1e999999999,\"k\":\"exit\"", "{\"seq\":NaN", "{\"\ud800\":1", "null", "{} {}")) {
            String text = new EventLog().start("true").text() + body + ",\"h\":\"" + "0".repeat(64) + "\"}\n";
            read(text);
            assertThat(body.substring(0, Math.min(20, body.length())), problems, not(empty()));
            assertThat(events, hasSize(1));
        }
    }

    @Test
    void sequenceNumbersAtTheEndOfTheRangeDoNotWrap() throws IOException {
        EventLog log = new EventLog().start("true");
        String text = log.text() + "{\"seq\":" + Long.MAX_VALUE + ",\"t\":1,\"m\":1,\"k\":\"exit\",\"status\":0,\"signal\":0,\"h\":\""
                + "0".repeat(64) + "\"}\n";
        read(text);
        assertThat(kinds(), hasItem(Problem.Kind.GAP));
    }

    @Test
    void whatFollowsTheClosingRecordIsAProblem() throws IOException {
        read(new EventLog().start("true").end(0).add("exit", "'status':0,'signal':0").text());
        assertThat(kinds(), hasItem(Problem.Kind.WRONG_END));
    }
}

package io.jenkins.plugins.hardenrunner.engine.event;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.hardenrunner.engine.policy.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileBatchTest {
    private static final String LINE = "'n':3,'verdict':'allowed','rule':'default',"
            + "'sets':[{'p':1,'pid':101,'op':'write','dir':'/ws/','create':true},{'p':1,'pid':102,'op':'utime','dir':'/'}],"
            + "'of':[0,1,0],'us':[0,1500,600],'names':['a','ws','\\u001b\\\"é']";

    private final List<Event> events = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    private EventReader.Summary read(EventLog log) throws IOException {
        return new EventReader(EventLog.NONCE).read(log.stream(), events::add, problems::add);
    }

    @Test
    void standsForOneEventANameWithItsOwnNumberTimeAndSet() throws IOException {
        EventReader.Summary summary = read(new EventLog().start("make").add(3, "files", LINE).end(0));
        assertThat(problems, empty());
        assertThat(summary.events(), is(6L));
        Event.Head head = ((Event.FileAccess) events.get(1)).head();
        assertThat(events.subList(1, 4), contains(
                new Event.FileAccess(head, 1, 101, "write", "/ws/a", null, true, false, Verdict.ALLOWED, "default"),
                new Event.FileAccess(new Event.Head(3, head.time() + 1, head.monotonic() + 1500), 1, 102, "utime", "/ws", null, false,
                        false, Verdict.ALLOWED, "default"),
                new Event.FileAccess(new Event.Head(4, head.time() + 2, head.monotonic() + 2100), 1, 101, "write", "/ws/\u001b\"é", null,
                        true, false, Verdict.ALLOWED, "default")));
    }

    @Test
    void anEventOfItAsJsonReadsAsTheSameEvent() throws Exception {
        JsonNode line = new ObjectMapper().readTree(new EventLog().add(3, "files", LINE).lines().get(0));
        FileBatch batch = FileBatch.of(line);
        for (int i = 0; i < batch.size(); i++) {
            assertThat(EventParser.parse(batch.json(i)), is(batch.event(i)));
            assertThat(batch.json(i).get("h"), is(line.get("h")));
        }
    }

    @Test
    void aRemovedBatchIsAGapOfAllItsEvents() throws IOException {
        List<String> lines = new ArrayList<>(new EventLog().start("make").creates(1, "/ws/", "a", "b").creates(1, "/ws/", "c").end(0).lines());
        lines.remove(1);
        new EventReader(EventLog.NONCE).read(EventLog.stream(String.join("\n", lines) + "\n"), events::add, problems::add);
        assertThat(problems.get(0).kind(), is(Problem.Kind.GAP));
        assertThat(problems.get(0).detail(), is("event 2 was expected here, not 4"));
    }

    @Test
    void aClosingRecordThatCountsLinesIsWrong() throws IOException {
        read(new EventLog().start("make").creates(1, "/ws/", "a", "b", "c")
                .add("end", "'events':3,'dropped':0,'processes':3,'notifications':9,'intact':true"));
        assertThat(problems.stream().map(Problem::kind).toList(), contains(Problem.Kind.WRONG_END));
        assertThat(problems.get(0).detail(), is("the closing record counts 3 events, the file has 5"));
    }

    @Test
    void aReaderStopsBeforeABatchThatWouldExceedItsCap() throws IOException {
        EventLog log = new EventLog().start("make").creates(1, "/ws/", "a", "b", "c").creates(1, "/ws/", "d", "e").end(0);
        EventReader.Summary summary = new EventReader(EventLog.NONCE, 5).read(log.stream(), events::add, problems::add);
        assertThat(summary.events(), is(4L));
        assertThat(events, hasSize(4));
        String second = log.lines().get(1);
        assertThat(summary.head(), is(second.substring(second.length() - 66, second.length() - 2)));
    }

    /** How many events it was is unknown, so that what follows is no gap of its own. */
    @Test
    void aBatchThatCannotBeReadIsOneProblem() throws IOException {
        String text = new EventLog().start("make").creates(1, "/ws/", "a", "b", "c").creates(1, "/ws/", "d").text();
        new EventReader(EventLog.NONCE).read(EventLog.stream(text.replace("\"names\":[\"a\"", "\"names\":[a")), events::add, problems::add);
        assertThat(problems.stream().map(Problem::kind).toList(),
                contains(Problem.Kind.ALTERED, Problem.Kind.UNPARSEABLE, Problem.Kind.MISSING_END));
        assertThat(problems.get(0).line(), is(2L));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "'n':3,| `` | 'n' is missing",
        "'n':3| 'n':'3' | 'n' is of the wrong type or out of range",
        "'n':3| 'n':0 | 'n' is 0: a batch has at least one operation",
        "'n':3| 'n':99999999 | 'n' is of the wrong type or out of range",
        "'n':3| 'n':2 | 'names' has 3 entries, and 'n' says 2",
        "'verdict':'allowed'| 'verdict':'maybe' | ",
        "'us':[0,1500,600]| 'us':[0,1500] | 'us' has 2 entries, and 'n' says 3",
        "'us':[0,1500,600]| 'us':[0,-1,600] | 'us' holds something else than numbers from 0 to 2147483647",
        "'us':[0,1500,600]| 'us':[0,1.5,600] | 'us' holds something else than numbers from 0 to 2147483647",
        "'us':[0,1500,600]| 'us':7 | 'us' is of the wrong type or out of range",
        "'of':[0,1,0],| `` | 'of' is missing, and there is more than one set",
        "'of':[0,1,0]| 'of':[0,2,0] | 'of' holds something else than numbers from 0 to 1",
        "'of':[0,1,0]| 'of':[0,1] | 'of' has 2 entries, and 'n' says 3",
        "'names':['a'| 'names':[7 | 'names' holds something else than strings",
        "'dir':'/ws/'| 'dir':'/ws' | 'dir' does not end with a slash",
        "'op':'write',| `` | 'op' is missing",
        "'sets':[| 'sets':[],'is':[ | 'sets' is empty",
        "'sets':[| 'sets':[7, | 'p' is missing",
    })
    void whatIsWrongWithABatchIsNamed(String from, String to, String detail) throws IOException {
        read(new EventLog().start("make").add(3, "files", LINE.replace(from, to)));
        problems.removeIf(problem -> problem.kind() == Problem.Kind.MISSING_END);
        assertThat(events, hasSize(1));
        assertThat(problems.stream().map(Problem::kind).toList(), contains(Problem.Kind.INVALID_EVENT));
        if (detail != null) {
            assertThat(problems.get(0).detail(), is(detail));
        }
    }

    @Test
    void numbersAtTheEndOfTheirRangeAreRefused() throws IOException {
        String body = new EventLog().add(3, "files", LINE).lines().get(0).replaceAll(",\"h\":.*", "");
        for (String field : List.of("seq", "t", "m")) {
            JsonNode line = new ObjectMapper().readTree(body.replaceFirst("\"" + field + "\":[0-9]+", "\"" + field + "\":" + (Long.MAX_VALUE - 1)) + "}");
            assertThat(field, FileBatch.orNull(line) == null, is(true));
        }
    }
}

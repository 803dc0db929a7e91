package io.jenkins.plugins.hardenrunner.engine.event;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class FileBatchPropertiesTest {
    private static String json(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }

    private static List<Event> read(String text, List<Problem> problems) throws IOException {
        List<Event> events = new ArrayList<>();
        new EventReader(EventLog.NONCE).read(EventLog.stream(text), events::add, problems::add);
        return events;
    }

    /** The same operations, one a line and as a batch, are the same events. */
    @Property
    void aBatchReadsAsTheLinesThatItStandsFor(@ForAll @Size(min = 1, max = 40) List<@StringLength(min = 1, max = 12) String> names,
            @ForAll @Size(min = 1, max = 4) List<@StringLength(max = 12) String> folders) throws IOException {
        EventLog single = new EventLog();
        StringBuilder sets = new StringBuilder();
        StringBuilder of = new StringBuilder();
        StringBuilder us = new StringBuilder();
        StringBuilder list = new StringBuilder();
        for (String folder : folders) {
            sets.append(sets.isEmpty() ? "" : ",").append("{\"p\":7,\"pid\":8,\"op\":\"unlink\",\"dir\":\"/").append(json(folder)).append("/\"}");
        }
        for (int i = 0; i < names.size(); i++) {
            String comma = i == 0 ? "" : ",";
            int set = i % folders.size();
            of.append(comma).append(set);
            us.append(comma).append(i == 0 ? 0 : 1000);
            list.append(comma).append('"').append(json(names.get(i))).append('"');
            single.raw(1, "file", "\"p\":7,\"pid\":8,\"op\":\"unlink\",\"path\":\"/" + json(folders.get(set)) + "/" + json(names.get(i))
                    + "\",\"verdict\":\"allowed\",\"rule\":\"default\"");
        }
        EventLog batch = new EventLog().raw(names.size(), "files", "\"n\":" + names.size()
                + ",\"verdict\":\"allowed\",\"rule\":\"default\",\"sets\":[" + sets + "],\"of\":[" + of + "],\"us\":[" + us + "],\"names\":[" + list + "]");
        List<Problem> problems = new ArrayList<>();
        assertThat(read(batch.text(), problems), is(read(single.text(), problems)));
        problems.removeIf(problem -> problem.kind() == Problem.Kind.MISSING_START || problem.kind() == Problem.Kind.MISSING_END);
        assertThat(problems, empty());
    }

    /** Whatever bytes stand in a batch: reading ends, nothing is invented, and what is wrong is told. */
    @Property
    void aDamagedBatchIsAlwaysNoticed(@ForAll @Size(min = 1, max = 30) List<@StringLength(min = 1, max = 6) String> names, @ForAll int where,
            @ForAll byte what, @ForAll @IntRange(min = 0, max = 2) int how) throws IOException {
        String text = new EventLog().start("make").creates(1, "/ws/", names.stream().map(name -> "f" + name.hashCode()).toArray(String[]::new))
                .end(0).text();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int from = text.indexOf('\n') + 1;
        int at = from + Math.floorMod(where, text.indexOf('\n', from) - from);
        byte[] damaged = switch (how) {
            case 0 -> { // another byte
                byte[] copy = bytes.clone();
                copy[at] = copy[at] == what ? (byte) (what + 1) : what;
                yield copy;
            }
            case 1 -> { // one less
                byte[] copy = new byte[bytes.length - 1];
                System.arraycopy(bytes, 0, copy, 0, at);
                System.arraycopy(bytes, at + 1, copy, at, copy.length - at);
                yield copy;
            }
            default -> { // one more
                byte[] copy = new byte[bytes.length + 1];
                System.arraycopy(bytes, 0, copy, 0, at);
                copy[at] = what;
                System.arraycopy(bytes, at, copy, at + 1, bytes.length - at);
                yield copy;
            }
        };
        List<Event> events = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        new EventReader(EventLog.NONCE).read(new ByteArrayInputStream(damaged), events::add, problems::add);
        assertThat(problems, not(empty()));
        assertThat(events.size(), lessThanOrEqualTo(names.size() + 3));
    }
}

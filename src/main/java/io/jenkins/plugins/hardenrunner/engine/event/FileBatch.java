package io.jenkins.plugins.hardenrunner.engine.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.hardenrunner.engine.policy.Verdict;

/**
 * A {@code files} line (docs/events.md): operations on files in quick succession, each of which is an event as if it had been
 * written as a {@code file} line of its own. Checked as a whole before the first event is taken out of it.
 */
public final class FileBatch {
    /** A line of {@link EventReader#MAX_LINE} bytes has no room for more. */
    static final int MAX_EVENTS = EventReader.MAX_LINE / 4;

    /** Microseconds between two operations, half an hour: helpers wait for milliseconds. */
    private static final int MAX_GAP = Integer.MAX_VALUE;

    private record Set(long image, long pid, String operation, String directory, boolean create, boolean truncate) {}

    private final Event.Head head;
    private final String hash;
    private final Verdict verdict;
    private final String rule;
    private final Set[] sets;
    private final int[] of;
    private final long[] after;
    private final String[] names;

    private FileBatch(JsonNode line) throws EventParser.Malformed {
        head = EventParser.head(line);
        hash = line.path("h").asText();
        verdict = EventParser.verdict(line);
        rule = EventParser.text(line, "rule");
        int count = EventParser.small(line, "n", MAX_EVENTS);
        check(count > 0, "'n' is 0: a batch has at least one operation");
        sets = sets(EventParser.array(line, "sets"));
        names = names(sized(line, "names", count));
        after = after(sized(line, "us", count));
        check(line.has("of") || sets.length == 1, "'of' is missing, and there is more than one set");
        of = line.has("of") ? indices(sized(line, "of", count)) : new int[count];
        check(head.seq() <= Long.MAX_VALUE - count && head.monotonic() <= Long.MAX_VALUE - after[count - 1]
                && head.time() <= Long.MAX_VALUE - after[count - 1], "its numbers run out of their range");
    }

    /** Whether a line is one. */
    public static boolean is(JsonNode line) {
        return line.path("k").asText().equals("files");
    }

    /** The batch of a line; null if it is malformed. */
    public static FileBatch orNull(JsonNode line) {
        try {
            return of(line);
        } catch (EventParser.Malformed e) {
            return null;
        }
    }

    static FileBatch of(JsonNode line) throws EventParser.Malformed {
        return new FileBatch(line);
    }

    /** How many events a line of whatever kind says it has, as far as that can be: sequence numbers go on behind them. */
    static int count(JsonNode line) {
        int count = is(line) ? line.path("n").asInt(1) : 1;
        return count >= 1 && count <= MAX_EVENTS ? count : 1;
    }

    private static void check(boolean holds, String otherwise) throws EventParser.Malformed {
        if (!holds) {
            throw new EventParser.Malformed(Problem.Kind.INVALID_EVENT, otherwise);
        }
    }

    private static JsonNode sized(JsonNode line, String field, int count) throws EventParser.Malformed {
        JsonNode array = EventParser.array(line, field);
        check(array.size() == count, "'" + field + "' has " + array.size() + " entries, and 'n' says " + count);
        return array;
    }

    private static Set[] sets(JsonNode array) throws EventParser.Malformed {
        check(!array.isEmpty(), "'sets' is empty");
        Set[] sets = new Set[array.size()];
        for (int i = 0; i < sets.length; i++) {
            JsonNode set = array.get(i);
            sets[i] = new Set(EventParser.number(set, "p"), EventParser.number(set, "pid"), EventParser.text(set, "op"),
                    EventParser.text(set, "dir"), EventParser.flag(set, "create"), EventParser.flag(set, "truncate"));
            check(sets[i].directory.endsWith("/"), "'dir' does not end with a slash");
        }
        return sets;
    }

    private static String[] names(JsonNode array) throws EventParser.Malformed {
        String[] names = new String[array.size()];
        for (int i = 0; i < names.length; i++) {
            check(array.get(i).isTextual(), "'names' holds something else than strings");
            names[i] = array.get(i).textValue();
        }
        return names;
    }

    /** Since the first operation. */
    private static long[] after(JsonNode array) throws EventParser.Malformed {
        long[] after = new long[array.size()];
        long sum = 0;
        for (int i = 0; i < after.length; i++) {
            sum += integer(array.get(i), "us", MAX_GAP);
            after[i] = sum;
        }
        return after;
    }

    private int[] indices(JsonNode array) throws EventParser.Malformed {
        int[] indices = new int[array.size()];
        for (int i = 0; i < indices.length; i++) {
            indices[i] = integer(array.get(i), "of", sets.length - 1);
        }
        return indices;
    }

    private static int integer(JsonNode value, String field, int most) throws EventParser.Malformed {
        check(value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= 0 && value.intValue() <= most,
                "'" + field + "' holds something else than numbers from 0 to " + most);
        return value.intValue();
    }

    /** How many events it is. */
    public int size() {
        return names.length;
    }

    private Event.Head head(int index) {
        return new Event.Head(head.seq() + index, head.time() + after[index] / 1000, head.monotonic() + after[index]);
    }

    Event.FileAccess event(int index) {
        Set set = sets[of[index]];
        return new Event.FileAccess(head(index), set.image, set.pid, set.operation, set.directory + names[index], null, set.create,
                set.truncate, verdict, rule);
    }

    /** One event as a {@code file} line has it. Its hash is that of the line, which proves it. */
    public ObjectNode json(int index) {
        Set set = sets[of[index]];
        Event.Head at = head(index);
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("seq", at.seq()).put("t", at.time()).put("m", at.monotonic()).put("k", "file");
        json.put("p", set.image).put("pid", set.pid).put("op", set.operation).put("path", set.directory + names[index]);
        if (set.create) {
            json.put("create", true);
        }
        if (set.truncate) {
            json.put("truncate", true);
        }
        return json.put("verdict", verdict.token()).put("rule", rule).put("h", hash);
    }
}

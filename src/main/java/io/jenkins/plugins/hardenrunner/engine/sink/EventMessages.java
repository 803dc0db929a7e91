package io.jenkins.plugins.hardenrunner.engine.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.hardenrunner.engine.event.EventReader;
import io.jenkins.plugins.hardenrunner.engine.event.FileBatch;
import io.jenkins.plugins.hardenrunner.engine.report.Severity;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/** Recorded events, as they stand in the event file (docs/events.md), as messages. */
public final class EventMessages {
    private final SinkSource source;
    private final String launch;
    private final String node;

    /**
     * The messages of one launch.
     *
     * @param launch its id
     * @param node the agent; may be empty
     */
    public EventMessages(SinkSource source, String launch, String node) {
        this.source = source;
        this.launch = launch;
        this.node = node;
    }

    /**
     * Reads events as a stream, each operation of a {@code files} line as an event of its own; what is not an event is left
     * out, since the report has a finding about it.
     *
     * @return how many lines were left out
     */
    public long read(InputStream events, Consumer<SinkMessage> out) throws IOException {
        InputStream in = new BufferedInputStream(events);
        byte[] line = new byte[EventReader.MAX_LINE];
        long left = 0;
        int length = 0;
        for (int next; (next = in.read()) >= 0; ) {
            if (next != '\n') {
                if (length < line.length) {
                    line[length] = (byte) next;
                }
                length++;
                continue;
            }
            if (length > line.length || !messages(line, length, out)) {
                left++;
            }
            length = 0;
        }
        return length > 0 ? left + 1 : left;
    }

    private boolean messages(byte[] line, int length, Consumer<SinkMessage> out) throws IOException {
        JsonNode tree;
        try {
            tree = SinkMessage.tree(line, length);
        } catch (JsonProcessingException e) {
            return false;
        }
        if (!FileBatch.is(tree)) {
            SinkMessage message = message(tree);
            if (message != null) {
                out.accept(message);
            }
            return message != null;
        }
        FileBatch batch = FileBatch.orNull(tree);
        // Times run on from the first: what holds for the last holds for all.
        if (batch == null || message(batch.json(batch.size() - 1)) == null) {
            return false;
        }
        for (int i = 0; i < batch.size(); i++) {
            out.accept(message(batch.json(i)));
        }
        return true;
    }

    private SinkMessage message(JsonNode tree) throws IOException {
        if (!(tree instanceof ObjectNode event) || !event.path("seq").canConvertToLong() || !event.path("t").canConvertToLong()
                || !event.path("k").isTextual()) {
            return null;
        }
        long time = event.get("t").asLong();
        if (Math.abs(time) > 253_402_300_799_999L) {
            return null;
        }
        ObjectNode data = SinkMessage.object();
        data.put("launch", launch);
        data.put("node", node);
        data.set("event", event);
        String id = source.block() + "/event/" + launch + "/" + event.get("seq").asLong();
        return SinkMessage.of(id, SinkMessage.Kind.EVENT, time, severity(event), text(event), source, data);
    }

    private static Severity severity(ObjectNode event) {
        return switch (event.get("k").asText()) {
            case "tampered" -> Severity.CRITICAL;
            case "refused" -> Severity.MEDIUM;
            default -> BlockMessages.ofVerdict(event.path("verdict").asText());
        };
    }

    private static String text(ObjectNode event) {
        StringBuilder text = new StringBuilder(event.get("k").asText());
        for (String field : new String[] {"op", "proto", "exe", "name", "addr", "port", "path", "to", "what", "detail", "verdict", "status"}) {
            if (event.has(field)) {
                text.append(' ').append(event.get(field).asText());
            }
        }
        return text.toString();
    }
}

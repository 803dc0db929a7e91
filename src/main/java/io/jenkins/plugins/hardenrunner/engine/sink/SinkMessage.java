package io.jenkins.plugins.hardenrunner.engine.sink;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.hardenrunner.engine.policy.Text;
import io.jenkins.plugins.hardenrunner.engine.report.Severity;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One message, in the form that all sinks share (docs/exports.md). Its strings come from hostile programs: whoever writes
 * it into another format must make them harmless there.
 */
public final class SinkMessage {
    /** The version of the format. */
    public static final int SCHEMA = 1;

    /** The longest string in a message, in UTF-16 units; longer ones end in an ellipsis. */
    static final int MOST_TEXT = 4096;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(16).build())
                    .build())
            .build();

    private final ObjectNode json;

    private SinkMessage(ObjectNode json) {
        this.json = json;
    }

    /**
     * A message about to be filled.
     *
     * @param id the same whenever the same thing is told again
     * @param time milliseconds since 1970
     * @param text one line for people
     * @param data what there is to say, by names that docs/exports.md explains
     */
    static SinkMessage of(String id, Kind kind, long time, Severity severity, String text, SinkSource source, ObjectNode data) {
        ObjectNode json = object();
        json.put("schema", SCHEMA);
        json.put("id", id);
        json.put("kind", kind.token());
        json.put("time", Instant.ofEpochMilli(time).truncatedTo(ChronoUnit.MILLIS).toString());
        json.put("severity", severity.token());
        json.put("text", Text.shown(text, 1000));
        ObjectNode from = json.putObject("source");
        from.put("instance", source.instance());
        if (!source.job().isEmpty()) {
            from.put("job", source.job());
            from.put("build", source.build());
            from.put("block", source.block());
            from.put("url", source.url());
        }
        json.set("data", data);
        return new SinkMessage(json);
    }

    /** What a message is about. */
    public enum Kind {
        /** The end of a block. */
        BLOCK,
        FINDING,
        ENDPOINT,
        EVENT,
        /** Messages were lost because the queue was full. */
        GAP,
        /** Somebody has pressed the test button. */
        TEST;

        /** The name as it stands in messages. */
        public String token() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static JsonNode tree(byte[] bytes, int length) throws IOException {
        return MAPPER.readTree(bytes, 0, length);
    }

    static JsonNode tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** Reads what {@link #toJson} wrote. @throws IOException if it is something else */
    public static SinkMessage parse(String line) throws IOException {
        JsonNode tree = MAPPER.readTree(line);
        if (tree instanceof ObjectNode object && object.path("schema").asInt() == SCHEMA && object.path("source").isObject()
                && object.path("data").isObject()) {
            return new SinkMessage(object);
        }
        throw new IOException("not a message of schema " + SCHEMA);
    }

    /** The message in one line of JSON. */
    public String toJson() {
        try {
            return MAPPER.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("trees can be written", e);
        }
    }

    public String id() {
        return json.path("id").asText();
    }

    /** The token of its {@link Kind}. */
    public String kind() {
        return json.path("kind").asText();
    }

    public Instant time() {
        return Instant.parse(json.path("time").asText());
    }

    public Severity severity() {
        return Severity.of(json.path("severity").asText());
    }

    /** One line for people, without control characters. */
    public String text() {
        return json.path("text").asText();
    }

    /** {@code instance} and, if it is about a build, {@code job}, {@code build}, {@code block}, {@code url}. */
    public ObjectNode source() {
        return (ObjectNode) json.get("source");
    }

    /** What there is to say. */
    public ObjectNode data() {
        return (ObjectNode) json.get("data");
    }
}

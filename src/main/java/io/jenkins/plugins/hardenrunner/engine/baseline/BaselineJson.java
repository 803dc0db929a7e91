package io.jenkins.plugins.hardenrunner.engine.baseline;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Reads and writes the documents of a baseline. Compact: they are rewritten with each build. */
public final class BaselineJson {
    /** Documents are imported by people who got them from somewhere: size, depth and texts are bounded. */
    private static final JsonMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(12)
                            .maxNumberLength(20)
                            .maxStringLength(16 << 10)
                            .maxDocumentLength(64L << 20)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();

    /** What we wrote ourselves: a field that a later version added is no reason to lose the rest. */
    private static final JsonMapper OWN = STRICT.rebuild().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

    private BaselineJson() {}

    /** Writes any document of this package as UTF-8; the stream stays open. */
    public static void write(Object document, OutputStream out) throws IOException {
        OWN.writeValue(out, document);
        out.write('\n');
        out.flush();
    }

    /**
     * Reads a baseline that a person gave us.
     *
     * @throws IOException if it is none of schema 1, or anything in it is wrong; the message names the place
     */
    public static Baseline importDocument(String text) throws IOException {
        try {
            return baseline(STRICT, STRICT.readTree(text));
        } catch (JsonProcessingException e) {
            throw problem(e);
        }
    }

    /** Reads a baseline that we wrote. */
    public static Baseline read(InputStream in) throws IOException {
        try {
            return baseline(OWN, OWN.readTree(in));
        } catch (JsonProcessingException e) {
            throw problem(e);
        }
    }

    /** Reads another document that we wrote. */
    public static <T> T read(InputStream in, Class<T> type) throws IOException {
        try {
            return OWN.readValue(in, type);
        } catch (JsonProcessingException e) {
            throw problem(e);
        }
    }

    private static Baseline baseline(JsonMapper mapper, JsonNode tree) throws IOException {
        if (tree == null || !tree.isObject() || !Baseline.FORMAT.equals(tree.path("format").asText())) {
            throw new IOException("not a baseline: a JSON object with \"format\": \"" + Baseline.FORMAT + "\" is expected");
        }
        if (tree.path("schema").asInt(-1) != Baseline.SCHEMA) {
            throw new IOException("baseline schema " + tree.path("schema") + " is not " + Baseline.SCHEMA
                    + ", the one that this version reads");
        }
        return mapper.treeToValue(tree, Baseline.class);
    }

    private static IOException problem(JsonProcessingException e) {
        String place = e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty() ? path(mapping) + ": "
                : e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr() + ": ";
        // A check of ours says what is wrong better than the parser's frame around it.
        String reason = e.getCause() instanceof IllegalArgumentException cause ? cause.getMessage() : e.getOriginalMessage();
        return new IOException("not a baseline: " + place + reason, e);
    }

    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.length() == 0 ? "" : ".").append(step.getFieldName());
            }
        }
        return path.toString();
    }
}

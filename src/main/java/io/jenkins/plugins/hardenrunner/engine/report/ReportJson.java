package io.jenkins.plugins.hardenrunner.engine.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Reads and writes report.json. */
public final class ReportJson {
    /** Reports lie where builds could have written: their size and depth are bounded. */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(16)
                            .maxNumberLength(20)
                            .maxStringLength(1 << 20)
                            .maxDocumentLength(256L << 20)
                            .build())
                    .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
                    .build())
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private ReportJson() {}

    /** Writes a report as UTF-8; the stream stays open. */
    public static void write(Report report, OutputStream out) throws IOException {
        MAPPER.writeValue(out, report);
        out.write('\n');
        out.flush();
    }

    /**
     * Reads a report.
     *
     * @throws IOException if the stream cannot be read, or holds no report of schema 1; the message says which
     */
    public static Report read(InputStream in) throws IOException {
        try {
            JsonNode tree = MAPPER.readTree(in);
            if (tree == null || !tree.isObject() || !tree.has("schema")) {
                throw new IOException("not a report: a JSON object with the field 'schema' is expected");
            }
            if (tree.get("schema").asInt(-1) != Report.SCHEMA) {
                throw new IOException("report schema " + tree.get("schema") + " is not " + Report.SCHEMA
                        + ", the one that this version reads");
            }
            return MAPPER.treeToValue(tree, Report.class);
        } catch (JsonProcessingException e) {
            throw problem(e);
        }
    }

    /**
     * Reads the recommendation out of a report, as far as the stream has one; what a report of 100,000 events holds beside
     * it never comes into memory.
     *
     * @throws IOException if the stream cannot be read, or holds no JSON object
     */
    public static Report.Recommended readRecommendation(InputStream in) throws IOException {
        try (JsonParser parser = MAPPER.createParser(in)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("not a report: a JSON object is expected");
            }
            Report.Recommended found = new Report.Recommended();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("recommendation") && value == JsonToken.START_OBJECT) {
                    found = MAPPER.readValue(parser, Report.Recommended.class);
                } else {
                    parser.skipChildren();
                }
            }
            return found;
        } catch (JsonProcessingException e) {
            throw problem(e);
        }
    }

    private static IOException problem(JsonProcessingException e) {
        String place = e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr() + ", column "
                + e.getLocation().getColumnNr() + ": ";
        return new IOException("not a report: " + place + e.getOriginalMessage(), e);
    }
}

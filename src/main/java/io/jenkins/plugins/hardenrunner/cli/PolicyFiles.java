package io.jenkins.plugins.hardenrunner.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyDocument;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Reads the policies that people write: YAML, or JSON in files named {@code *.json}. */
final class PolicyFiles {
    private static final int MAX_MEBIBYTES = 4;

    private PolicyFiles() {}

    /**
     * What a file says.
     *
     * @throws PolicyException in one line: file, place, what is wrong
     */
    static PolicyScope read(Path file) {
        String name = file.getFileName() == null ? file.toString() : file.getFileName().toString();
        String text = text(file);
        JsonFactory factory = factory(name.endsWith(".json"));
        try {
            ObjectMapper mapper = new ObjectMapper(factory).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
            JsonNode tree = mapper.readTree(text);
            Map<String, Integer> lines = lines(factory, text);
            return PolicyDocument.scope(tree, name, pointer -> {
                Integer line = lines.get(pointer);
                return line == null ? "" : "line " + line;
            });
        } catch (JsonProcessingException e) {
            String place = e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
            throw new PolicyException(name + place + ": not valid " + (name.endsWith(".json") ? "JSON: " : "YAML: ")
                    + e.getOriginalMessage().lines().findFirst().orElse("unknown error"), e);
        }
    }

    private static String text(Path file) {
        try {
            return InputFiles.text(file, "policy file " + file, MAX_MEBIBYTES);
        } catch (NoSuchFileException e) {
            throw new PolicyException("policy file " + file + " does not exist", e);
        } catch (IOException e) {
            String about = "policy file " + file;
            throw new PolicyException(e.getMessage() != null && e.getMessage().startsWith(about)
                    ? e.getMessage() : about + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static JsonFactory factory(boolean json) {
        StreamReadConstraints constraints = StreamReadConstraints.builder().maxNestingDepth(16).build();
        return json
                ? JsonFactory.builder().streamReadConstraints(constraints).enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build()
                : YAMLFactory.builder().streamReadConstraints(constraints).enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    }

    /** JSON pointers of all values with the lines on which they stand. */
    private static Map<String, Integer> lines(JsonFactory factory, String text) {
        Map<String, Integer> lines = new HashMap<>();
        try (JsonParser parser = factory.createParser(text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (!token.isStructEnd()) {
                    lines.putIfAbsent(parser.getParsingContext().pathAsPointer().toString(),
                            parser.currentTokenLocation().getLineNr());
                }
            }
        } catch (IOException e) {
            // Another reader has read the same text: only places are lost.
            return lines;
        }
        return lines;
    }
}

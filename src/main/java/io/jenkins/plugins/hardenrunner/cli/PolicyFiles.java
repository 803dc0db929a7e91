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
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Reads the policies that people write: YAML, or JSON in files named {@code *.json}. */
final class PolicyFiles {
    private static final long MAX_FILE = 4 << 20;

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
            if (Files.isDirectory(file)) {
                throw new PolicyException("policy file " + file + " is a folder");
            }
            if (Files.size(file) > MAX_FILE) {
                throw new PolicyException("policy file " + file + " is larger than " + (MAX_FILE >> 20) + " MiB");
            }
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file))).toString();
        } catch (CharacterCodingException e) {
            throw new PolicyException("policy file " + file + " is not UTF-8 text", e);
        } catch (NoSuchFileException e) {
            throw new PolicyException("policy file " + file + " does not exist", e);
        } catch (IOException e) {
            throw new PolicyException("policy file " + file + " cannot be read: " + e.getMessage(), e);
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

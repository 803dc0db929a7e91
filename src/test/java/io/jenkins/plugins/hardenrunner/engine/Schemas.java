package io.jenkins.plugins.hardenrunner.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The schemas in docs/schema, as validators. */
public final class Schemas {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Schemas() {}

    /** What is wrong with a document; empty if nothing is. @param schema such as {@code report} */
    public static List<String> errors(String schema, String document) throws IOException {
        Path file = Path.of(System.getProperty("harden.repository", "."), "docs/schema", schema + ".schema.json");
        JsonSchema loaded = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(Files.readString(file));
        return loaded.validate(JSON.readTree(document)).stream().map(ValidationMessage::getMessage).sorted().toList();
    }
}

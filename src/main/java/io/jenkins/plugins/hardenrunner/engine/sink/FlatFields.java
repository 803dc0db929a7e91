package io.jenkins.plugins.hardenrunner.engine.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** A message's data without nesting, for formats that have names and values only. */
public final class FlatFields {
    private FlatFields() {}

    /**
     * Fields of objects under names joined with dots, in order. Values are scalars, or arrays of text; an array with
     * anything else in it becomes its JSON text.
     */
    public static Map<String, JsonNode> of(ObjectNode data) {
        Map<String, JsonNode> flat = new LinkedHashMap<>();
        add(flat, "", data);
        return flat;
    }

    private static void add(Map<String, JsonNode> flat, String prefix, ObjectNode object) {
        object.properties().forEach(field -> {
            String name = prefix + field.getKey();
            JsonNode value = field.getValue();
            if (value instanceof ObjectNode inner) {
                add(flat, name + ".", inner);
            } else if (value.isArray() && !onlyText(value)) {
                flat.put(name, object.textNode(value.toString()));
            } else if (!value.isNull()) {
                flat.put(name, value);
            }
        });
    }

    private static boolean onlyText(JsonNode array) {
        for (JsonNode element : array) {
            if (!element.isTextual()) {
                return false;
            }
        }
        return true;
    }
}

package io.jenkins.plugins.hardenrunner.engine.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Policies as people write them in files (docs/policy.md, version 1), from the tree that a JSON or YAML parser made.
 */
public final class PolicyDocument {
    /** The version of the format. */
    public static final int VERSION = 1;

    private static final Set<String> FIELDS = new TreeSet<>(Set.of(
            "version", "egressPolicy", "filePolicy", "credentialPolicy", "loopback", "metadata", "onViolation",
            "onDeviation", "onUnsupported", "allowedEndpoints", "blockedEndpoints", "dnsUpstreams", "protectedPaths"));

    /** Says where a JSON pointer such as {@code /allowedEndpoints/2} stands in the text, as {@code line 7}. */
    public interface Places {
        /** The place, or an empty text if it is not known. */
        String of(String pointer);
    }

    private final JsonNode root;
    private final String name;
    private final Places places;

    private PolicyDocument(JsonNode root, String name, Places places) {
        this.root = root;
        this.name = name;
        this.places = places;
    }

    /**
     * The layer that a document describes.
     *
     * @param name of the file, for messages and as the origin of its rules
     * @throws PolicyException naming the place, what is wrong, and what to write instead
     */
    public static PolicyLayer layer(JsonNode root, String name, Places places) {
        return new PolicyDocument(root, name, places).read();
    }

    private PolicyLayer read() {
        if (root == null || !root.isObject()) {
            throw error("", "a policy is an object with the field 'version: 1'");
        }
        for (Iterator<String> fields = root.fieldNames(); fields.hasNext(); ) {
            String field = fields.next();
            if (!FIELDS.contains(field)) {
                String near = FIELDS.stream()
                        .filter(known -> Tokens.distance(known, field) <= 3)
                        .findFirst()
                        .map(known -> "did you mean '" + known + "'?")
                        .orElse("known are " + String.join(", ", FIELDS));
                throw error("/" + field, "unknown field '" + Text.shown(field) + "'; " + near);
            }
        }
        JsonNode version = root.path("version");
        if (!version.isInt() || version.intValue() != VERSION) {
            throw error("/version", version.isMissingNode()
                    ? "the field 'version: 1' is missing"
                    : "version " + Text.shown(version.asText(), 20) + " is not known, this program reads version 1");
        }
        PolicyLayer.Builder layer = PolicyLayer.builder(new Origin(Origin.Kind.FILE, name));
        layer.egressPolicy(token("egressPolicy", EgressPolicy::parse));
        layer.filePolicy(token("filePolicy", FilePolicy::parse));
        layer.credentialPolicy(token("credentialPolicy", CredentialPolicy::parse));
        layer.loopback(token("loopback", LoopbackPolicy::parse));
        layer.onViolation(token("onViolation", OnViolation::parse));
        layer.onDeviation(token("onDeviation", OnDeviation::parse));
        layer.onUnsupported(token("onUnsupported", OnUnsupported::parse));
        layer.metadataAllowed(token("metadata", PolicyDocument::metadata));
        texts("allowedEndpoints", text -> layer.allow(Endpoint.parseList(text)));
        texts("dnsUpstreams", text -> layer.dnsUpstream(DnsUpstream.parse(text)));
        texts("protectedPaths", text -> layer.protect(glob(text)));
        blocked(layer);
        try {
            return layer.build();
        } catch (PolicyException e) {
            throw error("", e.getMessage());
        }
    }

    private static Boolean metadata(String text) {
        return switch (text) {
            case "allow" -> true;
            case "deny" -> false;
            default -> throw new PolicyException("'" + Text.shown(text) + "' is not 'allow' or 'deny'");
        };
    }

    private static String glob(String text) {
        if (text.isBlank() || text.indexOf('\0') >= 0) {
            throw new PolicyException("a path or glob is missing");
        }
        return text;
    }

    private <T> T token(String field, Function<String, T> parser) {
        JsonNode value = root.path(field);
        if (value.isMissingNode()) {
            return null;
        }
        // YAML 1.1 reads a bare off as false.
        String text = value.isBoolean() && !value.booleanValue() ? "off" : value.isTextual() ? value.textValue() : null;
        if (text == null) {
            throw error("/" + field, "'" + field + "' must be a word");
        }
        return located("/" + field, () -> parser.apply(text));
    }

    /** A list of texts, or one text whose lines or words are the entries of the endpoint lists. */
    private void texts(String field, Consumer<String> parser) {
        JsonNode value = root.path(field);
        if (value.isMissingNode()) {
            return;
        }
        if (value.isTextual() && field.endsWith("Endpoints")) {
            located("/" + field, () -> parser.accept(value.textValue()));
            return;
        }
        if (!value.isArray()) {
            throw error("/" + field, "'" + field + "' must be a list");
        }
        for (int i = 0; i < value.size(); i++) {
            String pointer = "/" + field + "/" + i;
            JsonNode entry = value.get(i);
            if (!entry.isTextual() || entry.textValue().isBlank()) {
                throw error(pointer, "an entry of '" + field + "' must be a text that is not empty");
            }
            located(pointer, () -> parser.accept(entry.textValue()));
        }
    }

    private void blocked(PolicyLayer.Builder layer) {
        JsonNode value = root.path("blockedEndpoints");
        if (value.isTextual()) {
            located("/blockedEndpoints", () -> Endpoint.parseList(value.textValue()).forEach(e -> layer.block(new BlockedEndpoint(e))));
            return;
        }
        if (!value.isArray() && !value.isMissingNode()) {
            throw error("/blockedEndpoints", "'blockedEndpoints' must be a list");
        }
        for (int i = 0; i < value.size(); i++) {
            String pointer = "/blockedEndpoints/" + i;
            JsonNode entry = value.get(i);
            JsonNode endpoint = entry.isTextual() ? entry : entry.path("endpoint");
            boolean shaped = entry.isTextual() || entry.isObject() && entry.size() == 1
                    || entry.size() == 2 && entry.path("reason").isTextual();
            if (!endpoint.isTextual() || !shaped) {
                throw error(pointer, "an entry is an endpoint, or an object with 'endpoint' and 'reason'");
            }
            located(pointer, () -> Endpoint.parseList(endpoint.textValue())
                    .forEach(e -> layer.block(new BlockedEndpoint(e, entry.path("reason").asText("")))));
        }
    }

    private void located(String pointer, Runnable parser) {
        located(pointer, () -> {
            parser.run();
            return null;
        });
    }

    private <T> T located(String pointer, Supplier<T> parser) {
        try {
            return parser.get();
        } catch (PolicyException e) {
            throw error(pointer, e.getMessage());
        }
    }

    private PolicyException error(String pointer, String message) {
        String place = places.of(pointer);
        String field = pointer.isEmpty() ? "" : pointer.substring(1).replaceFirst("/(\\d+)$", "[$1]") + ": ";
        return new PolicyException(name + (place.isEmpty() ? "" : ", " + place) + ": " + field + message);
    }
}

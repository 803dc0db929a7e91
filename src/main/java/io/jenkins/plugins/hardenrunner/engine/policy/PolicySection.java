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

/** An object in a policy document: the document itself, its floor, or a policy that it defines. */
final class PolicySection {
    static final Set<String> MODES = Set.of("egressPolicy", "filePolicy", "credentialPolicy", "loopback", "inbound", "sni",
            "metadata", "onViolation", "onDeviation", "onUnsupported");
    static final Set<String> LISTS = Set.of("allowedEndpoints", "blockedEndpoints", "dnsUpstreams", "protectedPaths",
            "credentialPaths", "allowedSockets", "keptCapabilities", "expectedChanges");

    private final JsonNode node;
    private final String pointer;
    private final String document;
    private final PolicyDocument.Places places;

    /** @param pointer where the object stands in the document, such as {@code /policies/default} */
    PolicySection(JsonNode node, String pointer, String document, PolicyDocument.Places places) {
        this.node = node;
        this.pointer = pointer;
        this.document = document;
        this.places = places;
    }

    JsonNode value(String field) {
        return node.path(field);
    }

    PolicySection section(String field) {
        return new PolicySection(node.path(field), pointer + "/" + field, document, places);
    }

    /** @throws PolicyException if this is no object or has another field */
    @SafeVarargs
    final void fields(Set<String>... known) {
        if (!node.isObject()) {
            throw error("", "must be an object");
        }
        Set<String> all = new TreeSet<>();
        for (Set<String> some : known) {
            all.addAll(some);
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String field = names.next();
            if (!all.contains(field)) {
                String near = all.stream()
                        .filter(name -> Tokens.distance(name, field) <= 3)
                        .findFirst()
                        .map(name -> "did you mean '" + name + "'?")
                        .orElse("known are " + String.join(", ", all));
                throw error("/" + field, "unknown field '" + Text.shown(field) + "'; " + near);
            }
        }
    }

    PolicyLayer.Builder modes(PolicyLayer.Builder layer) {
        return layer.egressPolicy(token("egressPolicy", EgressPolicy::parse))
                .filePolicy(token("filePolicy", FilePolicy::parse))
                .credentialPolicy(token("credentialPolicy", CredentialPolicy::parse))
                .loopback(token("loopback", LoopbackPolicy::parse))
                .inbound(token("inbound", InboundPolicy::parse))
                .sni(token("sni", SniPolicy::parse))
                .metadataAllowed(token("metadata", MetadataPolicy::allowed))
                .onViolation(token("onViolation", OnViolation::parse))
                .onDeviation(token("onDeviation", OnDeviation::parse))
                .onUnsupported(token("onUnsupported", OnUnsupported::parse));
    }

    PolicyLayer.Builder lists(PolicyLayer.Builder layer) {
        endpoints("allowedEndpoints", (text, reason) -> layer.allowRules(Endpoint.parseList(text).stream()
                .map(endpoint -> new AllowedEndpoint(endpoint, reason)).toList()));
        endpoints("blockedEndpoints", (text, reason) -> layer.block(Endpoint.parseList(text).stream()
                .map(endpoint -> new BlockedEndpoint(endpoint, reason)).toList()));
        texts("dnsUpstreams", text -> layer.dnsUpstream(DnsUpstream.parse(text)));
        texts("protectedPaths", text -> layer.protect(glob(text)));
        texts("credentialPaths", layer::credentialPath);
        texts("allowedSockets", layer::allowSocket);
        texts("keptCapabilities", layer::keepCapability);
        texts("expectedChanges", layer::expectChange);
        return layer;
    }

    PolicyLayer built(PolicyLayer.Builder layer) {
        return located("", layer::build);
    }

    private static String glob(String text) {
        if (text.isBlank() || text.indexOf('\0') >= 0) {
            throw new PolicyException("a path or glob is missing");
        }
        return text;
    }

    private <T> T token(String field, Function<String, T> parser) {
        JsonNode value = node.path(field);
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

    /** A text; null if the field is missing. */
    String text(String field) {
        JsonNode value = node.path(field);
        if (!value.isMissingNode() && !value.isTextual()) {
            throw error("/" + field, "'" + field + "' must be a text");
        }
        return value.textValue();
    }

    /** A list of texts. */
    void texts(String field, Consumer<String> parser) {
        List<JsonNode> entries = entries(field);
        for (int i = 0; i < entries.size(); i++) {
            String at = "/" + field + "/" + i;
            JsonNode entry = entries.get(i);
            if (!entry.isTextual() || entry.textValue().isBlank()) {
                throw error(at, "an entry of '" + field + "' must be a text that is not empty");
            }
            located(at, () -> parser.accept(entry.textValue()));
        }
    }

    private List<JsonNode> entries(String field) {
        JsonNode value = node.path(field);
        if (!value.isMissingNode() && !value.isArray()) {
            throw error("/" + field, "'" + field + "' must be a list");
        }
        List<JsonNode> entries = new ArrayList<>();
        value.forEach(entries::add);
        return entries;
    }

    /** Takes endpoints and why they stand there. */
    interface Entries {
        void add(String endpoints, String reason);
    }

    /** One text whose words are endpoints, or a list of texts and of objects with a reason. */
    private void endpoints(String field, Entries entries) {
        JsonNode value = node.path(field);
        if (value.isTextual()) {
            located("/" + field, () -> entries.add(value.textValue(), ""));
            return;
        }
        List<JsonNode> list = entries(field);
        for (int i = 0; i < list.size(); i++) {
            String at = "/" + field + "/" + i;
            JsonNode entry = list.get(i);
            JsonNode endpoint = entry.isTextual() ? entry : entry.path("endpoint");
            boolean shaped = entry.isTextual() || entry.isObject() && entry.size() == 1
                    || entry.size() == 2 && entry.path("reason").isTextual();
            if (!endpoint.isTextual() || endpoint.textValue().isBlank() || !shaped) {
                throw error(at, "an entry is an endpoint, or an object with 'endpoint' and 'reason'");
            }
            located(at, () -> entries.add(endpoint.textValue(), entry.path("reason").asText("")));
        }
    }

    /** A ceiling; null if there is none. */
    List<Endpoint> ceiling() {
        if (node.path("ceiling").isMissingNode()) {
            return null;
        }
        List<Endpoint> ceiling = new ArrayList<>();
        if (node.path("ceiling").isTextual()) {
            located("/ceiling", () -> ceiling.addAll(Endpoint.parseList(node.path("ceiling").textValue())));
        } else {
            texts("ceiling", text -> ceiling.addAll(Endpoint.parseList(text)));
        }
        return ceiling;
    }

    void located(String field, Runnable parser) {
        located(field, () -> {
            parser.run();
            return null;
        });
    }

    <T> T located(String field, Supplier<T> parser) {
        try {
            return parser.get();
        } catch (PolicyException e) {
            throw error(field, e.getMessage());
        }
    }

    PolicyException error(String field, String message) {
        String full = pointer + field;
        String place = places.of(full);
        String shown = full.isEmpty() ? "" : full.substring(1).replaceAll("/(\\d+)$", "[$1]").replace('/', '.') + ": ";
        return new PolicyException(document + (place.isEmpty() ? "" : ", " + place) + ": " + shown + message);
    }
}

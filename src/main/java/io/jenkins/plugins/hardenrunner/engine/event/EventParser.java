package io.jenkins.plugins.hardenrunner.engine.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One line of an event file to one event. */
final class EventParser {
    /** Bounds that no honest line comes near: the lines themselves are bounded by {@link EventReader#MAX_LINE}. */
    private static final ObjectReader JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(8)
                            .maxNumberLength(20)
                            .maxStringLength(EventReader.MAX_LINE)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build()
            .reader();

    private EventParser() {}

    /** A line that is no event; the kind says in which way. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        final Problem.Kind kind;

        Malformed(Problem.Kind kind, String message) {
            super(message, null, false, false);
            this.kind = kind;
        }
    }

    static JsonNode tree(byte[] line, int length) throws Malformed {
        try {
            JsonNode tree = JSON.readTree(line, 0, length);
            if (tree == null || !tree.isObject()) {
                throw new Malformed(Problem.Kind.UNPARSEABLE, "the line is no JSON object");
            }
            return tree;
        } catch (IOException e) {
            throw new Malformed(Problem.Kind.UNPARSEABLE, "the line is no JSON object that fits the format");
        }
    }

    static Event.Head head(JsonNode node) throws Malformed {
        return new Event.Head(number(node, "seq"), number(node, "t"), number(node, "m"));
    }

    /** An event that is a line of its own; for {@code files} see {@link FileBatch}. */
    static Event parse(JsonNode node) throws Malformed {
        Event.Head head = head(node);
        String kind = text(node, "k");
        return switch (kind) {
            case "start" -> start(head, node);
            case "process" -> image(head, node);
            case "net" -> net(head, node);
            case "dns" -> new Event.Dns(head, number(node, "p"), number(node, "pid"), text(node, "name"),
                    text(node, "type"), text(node, "transport"), verdict(node), text(node, "rule"),
                    text(node, "rcode"), texts(node, "answers"));
            case "file" -> new Event.FileAccess(head, number(node, "p"), number(node, "pid"), text(node, "op"),
                    text(node, "path"), optional(node, "to"), flag(node, "create"), flag(node, "truncate"),
                    verdict(node), text(node, "rule"));
            case "refused" -> new Event.Refused(head, number(node, "p"), number(node, "pid"), text(node, "what"),
                    orEmpty(optional(node, "detail")), orEmpty(optional(node, "errno")));
            case "exit" -> new Event.Exit(head, small(node, "status", 255), small(node, "signal", 127));
            case "truncated" -> new Event.Truncated(head, text(node, "limit"));
            case "tampered" -> new Event.Tampered(head, text(node, "detail"));
            case "end" -> new Event.End(head, number(node, "events"), number(node, "dropped"),
                    number(node, "processes"), number(node, "notifications"), bool(node, "intact"));
            default -> throw new Malformed(Problem.Kind.UNKNOWN_KIND, "unknown event kind '" + kind + "'");
        };
    }

    private static Event.Start start(Event.Head head, JsonNode node) throws Malformed {
        List<Event.Missing> degraded = new ArrayList<>();
        for (JsonNode entry : array(node, "degraded")) {
            degraded.add(new Event.Missing(text(entry, "protection"), text(entry, "reason")));
        }
        Map<String, String> tags = new LinkedHashMap<>();
        if (node.has("tags")) {
            for (Map.Entry<String, JsonNode> tag : node.get("tags").properties()) {
                tags.put(tag.getKey(), tag.getValue().asText());
            }
        }
        String state = text(node, "state");
        if (!state.equals("enforced") && !state.equals("degraded")) {
            throw new Malformed(Problem.Kind.INVALID_EVENT, "'state' is neither 'enforced' nor 'degraded'");
        }
        return new Event.Start(head, small(node, "schema", Integer.MAX_VALUE), text(node, "helper"),
                text(node, "nonce"), text(node, "policy"), text(node, "egress"), texts(node, "command"),
                text(node, "cwd"), number(node, "pid"), number(node, "uid"), text(node, "kernel"), text(node, "arch"),
                state, List.copyOf(degraded), tags);
    }

    private static Event.Image image(Event.Head head, JsonNode node) throws Malformed {
        Event.NpmPackage npmPackage = null;
        JsonNode found = node.get("package");
        if (found != null && found.isObject()) {
            npmPackage = new Event.NpmPackage(text(found, "name"), orEmpty(optional(found, "version")),
                    orEmpty(optional(found, "script")));
        }
        return new Event.Image(head, number(node, "id"), number(node, "parent"), number(node, "pid"),
                number(node, "ppid"), text(node, "exe"), texts(node, "argv"), text(node, "cwd"),
                text(node, "source"), npmPackage);
    }

    private static Event.Net net(Event.Head head, JsonNode node) throws Malformed {
        String protocol = text(node, "proto");
        boolean unix = protocol.equals("unix");
        boolean accepted = text(node, "op").equals("accept");
        return new Event.Net(head, number(node, "p"), number(node, "pid"), text(node, "op"), protocol,
                unix ? "" : text(node, "addr"), unix ? 0 : small(node, "port", 65535), optional(node, "name"),
                unix ? text(node, "path") : "", accepted ? text(node, "local") : "",
                accepted ? small(node, "localPort", 65535) : 0, accepted ? number(node, "count") : 1,
                verdict(node), text(node, "rule"), optional(node, "errno"));
    }

    static Verdict verdict(JsonNode node) throws Malformed {
        try {
            return Verdict.parse(text(node, "verdict"));
        } catch (PolicyException e) {
            throw new Malformed(Problem.Kind.INVALID_EVENT, "'verdict': " + e.getMessage());
        }
    }

    private static JsonNode field(JsonNode node, String name, boolean fits) throws Malformed {
        if (!fits) {
            throw new Malformed(Problem.Kind.INVALID_EVENT,
                    "'" + name + "' is " + (node.has(name) ? "of the wrong type or out of range" : "missing"));
        }
        return node.get(name);
    }

    static String text(JsonNode node, String name) throws Malformed {
        return field(node, name, node.path(name).isTextual()).textValue();
    }

    private static String optional(JsonNode node, String name) throws Malformed {
        return node.hasNonNull(name) ? text(node, name) : null;
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    static long number(JsonNode node, String name) throws Malformed {
        JsonNode value = node.path(name);
        return field(node, name, value.isIntegralNumber() && value.canConvertToLong() && value.longValue() >= 0)
                .longValue();
    }

    static int small(JsonNode node, String name, int most) throws Malformed {
        long value = number(node, name);
        field(node, name, value <= most);
        return (int) value;
    }

    private static boolean bool(JsonNode node, String name) throws Malformed {
        return field(node, name, node.path(name).isBoolean()).booleanValue();
    }

    static boolean flag(JsonNode node, String name) throws Malformed {
        return node.has(name) && bool(node, name);
    }

    static JsonNode array(JsonNode node, String name) throws Malformed {
        return field(node, name, node.path(name).isArray());
    }

    private static List<String> texts(JsonNode node, String name) throws Malformed {
        List<String> texts = new ArrayList<>();
        for (JsonNode entry : array(node, name)) {
            if (!entry.isTextual()) {
                throw new Malformed(Problem.Kind.INVALID_EVENT, "'" + name + "' holds something else than strings");
            }
            texts.add(entry.textValue());
        }
        return List.copyOf(texts);
    }
}

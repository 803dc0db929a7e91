package io.jenkins.plugins.hardenrunner.engine.policy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The reader behind {@link PolicyFile#parse}: as strict as the helper's. */
final class PolicyFileParser {
    private final String text;
    private final Map<String, String> single = new HashMap<>();
    private final List<DnsUpstream> upstreams = new ArrayList<>();
    private final List<PolicyFile.CompiledRule> rules = new ArrayList<>();
    private final List<PolicyFile.SocketRule> sockets = new ArrayList<>();
    private final List<String> capabilities = new ArrayList<>();
    private final List<ScriptWrite> scriptWrites = new ArrayList<>();
    private final Map<String, List<String>> paths = new HashMap<>();
    private String[] rule; // the fields of the line before, written out, if that was a rule
    private int number;

    PolicyFileParser(String text) {
        this.text = text;
    }

    PolicyFile parse() {
        if (text.length() > PolicyFile.MAX_FILE) {
            throw new PolicyException("the policy file is longer than " + PolicyFile.MAX_FILE + " bytes");
        }
        if (!text.endsWith("\n")) {
            number = (int) text.lines().count();
            throw error("the file is truncated: no newline at its end");
        }
        String[] lines = text.substring(0, text.length() - 1).split("\n", -1);
        for (String line : lines) {
            number++;
            line(line, number == lines.length);
        }
        if (!single.containsKey("egress")) {
            throw error("'egress' is missing");
        }
        return file();
    }

    private void line(String line, boolean last) {
        if (line.length() >= PolicyFile.MAX_LINE) {
            throw error("the line is longer than " + PolicyFile.MAX_LINE + " bytes");
        }
        if (!line.chars().allMatch(c -> c >= 0x20 && c < 0x7f)) {
            throw error("only printable ASCII can stand in a policy file");
        }
        if (number == 1) {
            if (!line.equals("harden-policy " + PolicyFile.VERSION)) {
                throw error("the first line must be 'harden-policy " + PolicyFile.VERSION + "'");
            }
            return;
        }
        if (line.equals("end") != last) {
            throw error(last ? "the file is truncated: the last line must be 'end'" : "'end' must be the last line");
        }
        if (last) {
            return;
        }
        String[] fields = line.split(" ", -1);
        try {
            keyword(fields);
        } catch (PolicyException e) {
            throw error(e.getMessage());
        }
    }

    private void keyword(String[] fields) {
        if (fields[0].isEmpty() && fields.length > 1) {
            fields = following(fields);
        }
        rule = null;
        switch (fields[0]) {
            case "egress", "files", "credentials", "loopback", "inbound", "metadata", "sni", "unsupported", "nonce",
                    "limit-events", "limit-bytes" -> {
                count(fields, 2);
                if (single.put(fields[0], fields[1]) != null) {
                    throw new PolicyException("'" + fields[0] + "' stands twice");
                }
            }
            case "dns-upstream" -> {
                count(fields, 3);
                IpAddress address = fields[1].startsWith("[") ? null : IpAddress.parse(fields[1]);
                if (address == null) {
                    throw new PolicyException("'" + Text.shown(fields[1]) + "' is not an IP address");
                }
                upstreams.add(new DnsUpstream(address, number(fields[2], 65535)));
            }
            case "rule" -> {
                count(fields, 7);
                rules.add(rule(fields));
                rule = fields;
            }
            case "unix" -> {
                count(fields, 4);
                Rule.Action action = Tokens.parse(Rule.Action.class, "action", fields[2]);
                sockets.add(new PolicyFile.SocketRule(fields[1], action, decoded(fields[3])));
            }
            case "capability" -> {
                count(fields, 2);
                capabilities.add(fields[1]);
            }
            case "script-write" -> {
                count(fields, 3);
                scriptWrites.add(new ScriptWrite(decoded(fields[1]), decoded(fields[2])));
            }
            case "own-path", "protect", "fs-write", "script-tree", "credential", "redact", "redact-env", "redact-after" -> {
                count(fields, 2);
                paths.computeIfAbsent(fields[0], key -> new ArrayList<>()).add(decoded(fields[1]));
            }
            default -> throw new PolicyException("unknown keyword '" + Text.shown(fields[0]) + "'");
        }
    }

    /** A line that begins with a space says of a rule what differs from the one before. */
    private String[] following(String[] fields) {
        if (rule == null) {
            throw new PolicyException("the line begins with a space, but the one before it is no rule");
        }
        if (fields.length > 4) {
            throw new PolicyException("a line that begins with a space has 1 to 3 fields: VALUE, VALUE PORTS or KIND VALUE PORTS");
        }
        String[] all = rule.clone();
        all[1] = PolicyFile.nextId(rule[1]);
        if (all[1] == null) {
            throw new PolicyException("the identifier before, '" + rule[1] + "', has no number to count on from, or no room: "
                    + "write the line out with 'rule'");
        }
        int given = fields.length - 1;
        System.arraycopy(fields, 1, all, given == 1 ? 5 : all.length - given, given);
        return all;
    }

    private static PolicyFile.CompiledRule rule(String[] fields) {
        Rule.Action action = Tokens.parse(Rule.Action.class, "action", fields[2]);
        Endpoint.Kind kind = Tokens.parse(Endpoint.Kind.class, "kind of host", fields[4]);
        boolean v6 = kind == Endpoint.Kind.CIDR && fields[5].indexOf(':') >= 0;
        String host = kind == Endpoint.Kind.SUFFIX ? "*." + fields[5] : v6 ? "[" + fields[5] + "]" : fields[5];
        Endpoint endpoint = Endpoint.parse(fields[3] + "://" + host + ":" + fields[6]);
        if (endpoint.kind() != kind || !endpoint.value().equals(fields[5])) {
            throw new PolicyException("'" + Text.shown(fields[5]) + "' is not a canonical " + fields[4]);
        }
        return new PolicyFile.CompiledRule(fields[1], action, endpoint);
    }

    private PolicyFile file() {
        try {
            return new PolicyFile(
                    EgressPolicy.parse(single.get("egress")),
                    FilePolicy.parse(single.getOrDefault("files", "audit")),
                    CredentialPolicy.parse(single.getOrDefault("credentials", "off")),
                    LoopbackPolicy.parse(single.getOrDefault("loopback", "allow")),
                    InboundPolicy.parse(single.getOrDefault("inbound", "allow")),
                    choice(single.getOrDefault("metadata", "deny"), "allow", "deny"),
                    choice(single.getOrDefault("sni", "off"), "check", "off"),
                    OnUnsupported.parse(single.getOrDefault("unsupported", "fail")),
                    single.getOrDefault("nonce", ""),
                    limit("limit-events"),
                    limit("limit-bytes"),
                    upstreams,
                    rules,
                    sockets,
                    capabilities,
                    paths.getOrDefault("own-path", List.of()),
                    paths.getOrDefault("protect", List.of()),
                    paths.getOrDefault("fs-write", List.of()),
                    paths.getOrDefault("script-tree", List.of()),
                    scriptWrites,
                    paths.getOrDefault("credential", List.of()),
                    new Redaction(
                            paths.getOrDefault("redact-env", List.of()),
                            paths.getOrDefault("redact", List.of()),
                            paths.getOrDefault("redact-after", List.of())));
        } catch (PolicyException e) {
            throw error(e.getMessage());
        }
    }

    private static boolean choice(String value, String yes, String no) {
        if (!value.equals(yes) && !value.equals(no)) {
            throw new PolicyException("'" + Text.shown(value) + "' is not '" + yes + "' or '" + no + "'");
        }
        return value.equals(yes);
    }

    private Integer limit(String keyword) {
        return single.containsKey(keyword) ? number(single.get(keyword), Integer.MAX_VALUE) : null;
    }

    private static int number(String digits, int most) {
        if (!digits.matches("[1-9][0-9]{0,9}") || Long.parseLong(digits) > most) {
            throw new PolicyException("'" + Text.shown(digits) + "' is not a number from 1 to " + most);
        }
        return Integer.parseInt(digits);
    }

    private static void count(String[] fields, int wanted) {
        if (fields.length != wanted) {
            throw new PolicyException("'" + Text.shown(fields[0]) + "' takes " + (wanted - 1) + " fields, not "
                    + (fields.length - 1));
        }
    }

    private static String decoded(String field) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c != '%') {
                bytes.write(c);
                continue;
            }
            if (i + 2 >= field.length() || !field.substring(i + 1, i + 3).matches("[0-9A-F]{2}")) {
                throw new PolicyException("'%' must be followed by two upper-case hexadecimal digits");
            }
            bytes.write(Integer.parseInt(field.substring(i + 1, i + 3), 16));
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toByteArray())).toString();
        } catch (CharacterCodingException e) {
            throw new PolicyException("the text is not valid UTF-8", e);
        }
    }

    private PolicyException error(String message) {
        return new PolicyException("policy file, line " + number + ": " + message);
    }
}

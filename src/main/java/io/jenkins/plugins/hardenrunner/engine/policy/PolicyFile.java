package io.jenkins.plugins.hardenrunner.engine.policy;

import io.jenkins.plugins.hardenrunner.engine.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The compiled policy of one launch (docs/policy-file.md, version 1), which the helper reads.
 *
 * @param sniCheck whether the names that TLS and HTTP clients present are judged too
 * @param nonce seed of the event chain
 * @param limitEvents null for the helper's default
 * @param limitBytes null for the helper's default
 */
public record PolicyFile(
        EgressPolicy egress,
        FilePolicy files,
        CredentialPolicy credentials,
        LoopbackPolicy loopback,
        InboundPolicy inbound,
        boolean metadataAllowed,
        boolean sniCheck,
        OnUnsupported unsupported,
        String nonce,
        Integer limitEvents,
        Integer limitBytes,
        List<DnsUpstream> dnsUpstreams,
        List<CompiledRule> rules,
        List<SocketRule> sockets,
        List<String> capabilities,
        List<String> ownPaths,
        List<String> protectPaths,
        List<String> fsWrite,
        List<String> scriptTrees,
        List<ScriptWrite> scriptWrites,
        List<String> credentialPaths,
        Redaction redaction) {

    /** The version of the format. */
    public static final int VERSION = 1;

    static final int MAX_LINE = 4096;
    static final int MAX_FILE = 64 << 20;
    static final int MAX_RULES = 100_000;
    static final int MAX_OWN = 64;
    static final int MAX_PROTECT = 1_000_000;
    static final int MAX_TREES = 256;
    static final int MAX_SOCKETS = 256;

    /** A rule as the helper sees it. */
    public record CompiledRule(String id, Rule.Action action, Endpoint endpoint) {
        public CompiledRule {
            checkId(id);
        }

        /** The rule written out, or of what stands behind the rule {@code before} what is different: policies have thousands. */
        private String line(CompiledRule before) {
            String kind = Tokens.token(endpoint.kind());
            String ports = endpoint.ports().toString();
            if (before == null || !id.equals(nextId(before.id)) || action != before.action
                    || endpoint.protocol() != before.endpoint.protocol()) {
                return String.join(" ", "rule", id, action.token(), endpoint.protocol().token(), kind, endpoint.value(), ports);
            }
            if (endpoint.kind() != before.endpoint.kind()) {
                return " " + kind + " " + endpoint.value() + " " + ports;
            }
            return " " + endpoint.value() + (ports.equals(before.endpoint.ports().toString()) ? "" : " " + ports);
        }
    }

    private static final Pattern COUNTED = Pattern.compile("(.*?)(0|[1-9][0-9]{0,8})");
    private static final int MAX_COUNTED = 999_999_999;

    /** The identifier with the next number; null if there is none: no number, one with a leading zero, or no room. */
    static String nextId(String id) {
        Matcher parts = COUNTED.matcher(id);
        if (!parts.matches() || parts.group(1).matches(".*[0-9]") || Integer.parseInt(parts.group(2)) == MAX_COUNTED) {
            return null;
        }
        String next = parts.group(1) + (Integer.parseInt(parts.group(2)) + 1);
        return next.length() <= 64 ? next : null;
    }

    /**
     * A rule about a local socket.
     *
     * @param name an absolute path, in which {@code *} stands for any characters but a slash, or an abstract name behind {@code @}
     */
    public record SocketRule(String id, Rule.Action action, String name) {
        public SocketRule {
            checkId(id);
            if (name.length() < 2 || name.charAt(0) != '/' && name.charAt(0) != '@' || name.indexOf('\0') >= 0) {
                throw new PolicyException("unix '" + Text.shown(name) + "' is neither an absolute path nor a name behind '@'");
            }
        }
    }

    private static void checkId(String id) {
        if (!id.matches("[A-Za-z0-9._-]{1,64}")) {
            throw new PolicyException("rule id '" + Text.shown(id) + "' is not 1 to 64 of A-Z a-z 0-9 . _ -");
        }
    }

    /** @throws PolicyException if a value is out of its range or a list is longer than the helper takes */
    public PolicyFile {
        if (!nonce.matches("[0-9a-fA-F]{0,64}")) {
            throw new PolicyException("the nonce must be 0 to 64 hexadecimal digits");
        }
        range("limit-events", limitEvents, 1, 100_000_000);
        range("limit-bytes", limitBytes, 65_536, 1 << 30);
        dnsUpstreams = capped("dns-upstream", dnsUpstreams, 3);
        rules = capped("rule", rules, MAX_RULES);
        sockets = capped("unix", sockets, MAX_SOCKETS);
        capabilities = List.copyOf(capabilities);
        if (!Capabilities.NAMES.containsAll(capabilities) || Set.copyOf(capabilities).size() < capabilities.size()) {
            throw new PolicyException("capability: an unknown name, or one that stands twice");
        }
        ownPaths = paths("own-path", ownPaths, MAX_OWN);
        protectPaths = paths("protect", protectPaths, MAX_PROTECT);
        fsWrite = paths("fs-write", fsWrite, MAX_TREES);
        scriptTrees = paths("script-tree", scriptTrees, MAX_TREES);
        scriptWrites = capped("script-write", scriptWrites, MAX_TREES);
        credentialPaths = paths("credential", credentialPaths, MAX_TREES);
        Set<String> ids = new HashSet<>();
        rules.forEach(rule -> once(ids, rule.id()));
        sockets.forEach(socket -> once(ids, socket.id()));
        if (files != FilePolicy.BLOCK && !fsWrite.isEmpty()) {
            throw new PolicyException("fs-write needs the file policy 'block'");
        }
        if (files == FilePolicy.OFF && !(scriptTrees.isEmpty() && scriptWrites.isEmpty())) {
            throw new PolicyException("script-tree and script-write need the file policy 'audit' or 'block'");
        }
        if (credentials == CredentialPolicy.OFF && !credentialPaths.isEmpty()) {
            throw new PolicyException("credential needs the credential policy 'audit' or 'block'");
        }
    }

    private static void once(Set<String> ids, String id) {
        if (!ids.add(id)) {
            throw new PolicyException("rule id '" + id + "' stands twice");
        }
    }

    private static void range(String keyword, Integer value, int least, int most) {
        if (value != null && (value < least || value > most)) {
            throw new PolicyException(keyword + " " + value + " is not between " + least + " and " + most);
        }
    }

    private static <T> List<T> capped(String keyword, List<T> list, int most) {
        if (list.size() > most) {
            throw new PolicyException("at most " + most + " lines '" + keyword + "' can stand in a policy file, not "
                    + list.size());
        }
        return List.copyOf(list);
    }

    private static List<String> paths(String keyword, List<String> paths, int most) {
        for (String path : paths) {
            if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
                throw new PolicyException(keyword + " '" + Text.shown(path) + "' is not an absolute path");
            }
        }
        return capped(keyword, paths, most);
    }

    /** Compiles a policy for one launch. Paths that the policy's modes do not need are left out. */
    public static PolicyFile compile(EffectivePolicy policy, LaunchOptions options) {
        boolean files = policy.filePolicy() != FilePolicy.OFF;
        boolean confined = policy.filePolicy() == FilePolicy.BLOCK;
        boolean credentials = policy.credentialPolicy() != CredentialPolicy.OFF;
        return new PolicyFile(
                policy.egressPolicy(),
                policy.filePolicy(),
                policy.credentialPolicy(),
                policy.loopback(),
                policy.inbound(),
                policy.metadataAllowed(),
                policy.egressPolicy() == EgressPolicy.BLOCK && policy.sni() == SniPolicy.CHECK,
                options.onUnsupported() == null ? policy.onUnsupported() : options.onUnsupported(),
                options.nonce(),
                options.limitEvents(),
                options.limitBytes(),
                policy.dnsUpstreams(),
                policy.rules().stream().map(r -> new CompiledRule(r.id(), r.action(), r.endpoint())).toList(),
                sockets(policy.allowedSockets()),
                policy.keptCapabilities().stream().distinct().sorted().toList(),
                options.ownPaths(),
                options.protectPaths(),
                confined ? options.fsWrite() : List.of(),
                files ? options.scriptTrees() : List.of(),
                files ? ScriptWrite.of(policy.expectedChanges(), options) : List.of(),
                credentials ? options.credentialPaths() : List.of(),
                options.redaction());
    }

    /** In an order that does not depend on where the paths were written. */
    private static List<SocketRule> sockets(List<String> allowed) {
        List<String> sorted = allowed.stream().distinct().sorted().toList();
        List<SocketRule> rules = new ArrayList<>();
        sorted.forEach(path -> rules.add(new SocketRule("s" + (rules.size() + 1), Rule.Action.ALLOW, path)));
        return rules;
    }

    /**
     * The text for the helper.
     *
     * @throws PolicyException if the policy does not fit the format
     */
    public static String render(EffectivePolicy policy, LaunchOptions options) {
        return compile(policy, options).text();
    }

    /**
     * Reads a text back.
     *
     * @throws PolicyException naming the line and what is wrong with it
     */
    public static PolicyFile parse(String text) {
        return new PolicyFileParser(text).parse();
    }

    /** The text of this file. */
    public String text() {
        List<String> lines = new ArrayList<>();
        lines.add("harden-policy " + VERSION);
        lines.add("egress " + egress.token());
        lines.add("files " + files.token());
        lines.add("credentials " + credentials.token());
        lines.add("loopback " + loopback.token());
        if (inbound != InboundPolicy.ALLOW) {
            lines.add("inbound " + inbound.token());
        }
        lines.add("metadata " + (metadataAllowed ? "allow" : "deny"));
        if (sniCheck) {
            lines.add("sni check");
        } else if (egress == EgressPolicy.BLOCK) {
            lines.add("sni off"); // said, so that the record tells it
        }
        lines.add("unsupported " + unsupported.token());
        if (!nonce.isEmpty()) {
            lines.add("nonce " + nonce);
        }
        if (limitEvents != null) {
            lines.add("limit-events " + limitEvents);
        }
        if (limitBytes != null) {
            lines.add("limit-bytes " + limitBytes);
        }
        dnsUpstreams.forEach(upstream -> lines.add("dns-upstream " + upstream.address() + " " + upstream.port()));
        CompiledRule before = null;
        for (CompiledRule rule : rules) {
            lines.add(rule.line(before));
            before = rule;
        }
        for (SocketRule socket : sockets) {
            String name = socket.name();
            lines.add(String.join(" ", "unix", socket.id(), socket.action().token(), name.charAt(0) + encoded(name.substring(1))));
        }
        capabilities.forEach(name -> lines.add("capability " + name));
        ownPaths.forEach(path -> lines.add("own-path " + encoded(path)));
        protectPaths.forEach(path -> lines.add("protect " + encoded(path)));
        fsWrite.forEach(path -> lines.add("fs-write " + encoded(path)));
        scriptTrees.forEach(path -> lines.add("script-tree " + encoded(path)));
        scriptWrites.forEach(write -> lines.add("script-write " + encoded(write.packages()) + " " + encoded(write.path())));
        credentialPaths.forEach(path -> lines.add("credential " + encoded(path)));
        redaction.patterns().forEach(pattern -> lines.add("redact " + encoded(pattern)));
        redaction.variables().forEach(name -> lines.add("redact-env " + encoded(name)));
        redaction.options().forEach(option -> lines.add("redact-after " + encoded(option)));
        lines.add("end");
        for (String line : lines) {
            if (line.length() >= MAX_LINE) {
                throw new PolicyException("the line '" + Text.shown(line, 60) + "' is longer than " + MAX_LINE + " bytes");
            }
        }
        String text = String.join("\n", lines) + "\n";
        if (text.length() > MAX_FILE) {
            throw new PolicyException("the policy file would have " + text.length() + " bytes, at most " + MAX_FILE
                    + " are allowed: protect whole directories instead of single files, or use fewer rules");
        }
        return text;
    }

    /** The SHA-256 of a text as it stands in the {@code start} event, in lower-case hexadecimal digits. */
    public static String sha256(String text) {
        return Sha256.hex(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String encoded(String path) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            if (b > 0x20 && b < 0x7f && b != '%') {
                encoded.append((char) b);
            } else {
                encoded.append(String.format("%%%02X", b & 255));
            }
        }
        return encoded.toString();
    }
}

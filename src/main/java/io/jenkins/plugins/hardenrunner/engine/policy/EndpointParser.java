package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.Locale;

/** The parser behind {@link Endpoint#parse}; one instance per text. */
final class EndpointParser {
    private static final int LONGEST = 1024;

    private final String input;
    private Protocol protocol = Protocol.TCP;
    /** Where the host begins. */
    private int host;

    EndpointParser(String input) {
        this.input = input;
    }

    Endpoint parse() {
        if (input.isEmpty()) {
            throw error(0, "an endpoint is missing", null);
        }
        if (input.length() > LONGEST) {
            throw error(LONGEST, "an endpoint has at most " + LONGEST + " characters", null);
        }
        for (int i = 0; i < input.length(); i++) {
            char c = input.charAt(i);
            if (Character.isWhitespace(c) || Character.isISOControl(c)) {
                throw error(i, "white space and control characters cannot stand in an endpoint", null);
            }
        }
        scheme();
        String rest = input.substring(host);
        if (rest.isEmpty()) {
            throw error(host, "a host is missing", null);
        }
        int at = rest.indexOf('@');
        if (at >= 0) {
            throw error(host, "a user name or password is not part of an endpoint", suggested(rest.substring(at + 1)));
        }
        return rest.startsWith("[") ? bracketed(rest) : plain(rest);
    }

    private void scheme() {
        int end = input.indexOf("://");
        if (end < 0) {
            if (input.startsWith("//")) {
                throw error(0, "an endpoint is not a path", suggested(input.substring(2)));
            }
            return;
        }
        String scheme = input.substring(0, end).toLowerCase(Locale.ROOT);
        host = end + 3;
        switch (scheme) {
            case "tcp" -> protocol = Protocol.TCP;
            case "udp" -> protocol = Protocol.UDP;
            default -> {
                String port = switch (scheme) {
                    case "http", "ws" -> "80";
                    case "ssh", "git+ssh", "sftp" -> "22";
                    case "git" -> "9418";
                    case "ftp" -> "21";
                    default -> "443";
                };
                String hostAndPort = stripped(input.substring(host));
                boolean hasPort = hostAndPort.matches(".*:[0-9]+|.*:");
                String corrected = hasPort ? hostAndPort.replaceFirst(":$", ":" + port) : hostAndPort + ":" + port;
                throw error(0, "an endpoint is not a URL; '" + Text.shown(scheme, 20) + "' is no scheme of an endpoint"
                        + " (tcp, the default, or udp)", suggested(corrected));
            }
        }
    }

    private Endpoint bracketed(String rest) {
        int close = rest.indexOf(']');
        if (close < 0) {
            throw error(host, "'[' is not closed", null);
        }
        String after = rest.substring(close + 1);
        if (!after.isEmpty() && after.charAt(0) != ':') {
            String remedy = after.startsWith("/") && after.matches("/[0-9]{1,3}(:.*)?")
                    ? suggested(rest.substring(0, close) + after.replaceFirst("^(/[0-9]+)", "$1]"))
                    : suggested(rest.substring(0, close + 1));
            throw error(host + close + 1, "only ':' and ports can follow ']'", remedy);
        }
        String inner = rest.substring(1, close);
        if (inner.indexOf(':') < 0) {
            throw error(host, "brackets are for IPv6 addresses", suggested(inner + after));
        }
        Cidr cidr = network(inner, host + 1);
        return address(cidr, ports(after, host + close + 1));
    }

    private Endpoint plain(String rest) {
        bareV6(rest);
        int slash = indexOfAny(rest, "/?#\\");
        int colon = rest.indexOf(':');
        boolean network = slash >= 0 && rest.charAt(slash) == '/' && IpAddress.parse(rest.substring(0, slash)) != null;
        if (slash >= 0 && !(network && (colon < 0 || colon > slash))) {
            throw error(host + slash, "an endpoint has no path", suggested(rest.substring(0, slash)));
        }
        String name = colon < 0 ? rest : rest.substring(0, colon);
        if (name.isEmpty()) {
            throw error(host, "a host is missing before ':'", null);
        }
        String portText = colon < 0 ? "" : rest.substring(colon);
        if (network || IpAddress.parse(name) != null) {
            return address(network(name, host), ports(portText, host + name.length()));
        }
        return named(name, portText);
    }

    private Endpoint named(String name, String portText) {
        if (name.equals("*")) {
            throw error(host, "'*' alone would allow every host; name the hosts, or use the egress policy 'audit'", null);
        }
        boolean suffix = name.startsWith("*.");
        String bare = suffix ? name.substring(2) : name;
        int offset = host + (suffix ? 2 : 0);
        int star = bare.indexOf('*');
        if (star >= 0) {
            String base = bare.substring(bare.lastIndexOf('*') + 1).replaceFirst("^[^.]*\\.", "");
            throw error(offset + star, "'*' can stand only once, as the whole first label ('*.example.com')",
                    base.isEmpty() ? null : suggested("*." + base + portText));
        }
        if (bare.startsWith(".")) {
            String base = bare.replaceFirst("^\\.+", "");
            throw error(offset, "a label is empty", base.isEmpty() ? null : suggested("*." + base + portText));
        }
        String canonical;
        try {
            canonical = HostName.canonical(bare);
        } catch (HostName.Malformed e) {
            throw error(offset + e.offset, e.getMessage(),
                    e.suggestion == null ? null : suggested((suffix ? "*." : "") + e.suggestion + portText));
        }
        if (suffix && PublicSuffixes.isPublicSuffix(canonical)) {
            throw error(host, "'" + canonical + "' is a public suffix: anybody can have names under it; name the"
                    + " domains that are meant, such as '*.name." + canonical + "'", null);
        }
        Ports ports = ports(portText, host + name.length());
        return new Endpoint(protocol, suffix ? Endpoint.Kind.SUFFIX : Endpoint.Kind.NAME, canonical, null, ports);
    }

    private Endpoint address(Cidr cidr, Ports ports) {
        return new Endpoint(protocol, Endpoint.Kind.CIDR, cidr.toString(), cidr, ports);
    }

    /** @param offset where the text stands in the input */
    private Cidr network(String text, int offset) {
        int slash = text.indexOf('/');
        String addressText = slash < 0 ? text : text.substring(0, slash);
        IpAddress address = IpAddress.parse(addressText);
        if (address == null || addressText.startsWith("[")) {
            String zone = text.indexOf('%') >= 0 ? "; zones ('%') are not part of an endpoint" : "";
            throw error(offset, "'" + Text.shown(addressText) + "' is not an IP address" + zone, null);
        }
        if (slash < 0) {
            return Cidr.single(address);
        }
        String bits = text.substring(slash + 1);
        if (!bits.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(bits) > address.bits()) {
            throw error(offset + slash + 1, "a prefix length is a number from 0 to " + address.bits(), null);
        }
        int prefix = Integer.parseInt(bits);
        Cidr around = Cidr.around(address, prefix);
        if (!around.base().equals(address)) {
            String remedy = address.bits() == 128 ? "[" + around + "]" : around.toString();
            throw error(offset, "bits behind the prefix length are set in " + Text.shown(text), suggested(remedy));
        }
        return around.canonical();
    }

    private Ports ports(String text, int offset) {
        if (text.isEmpty()) {
            return Ports.of(Endpoint.DEFAULT_PORT);
        }
        try {
            return Ports.parse(text.substring(1));
        } catch (Ports.Malformed e) {
            // A replacement stands for one port or range; in a longer list it would drop the others.
            String list = text.substring(1);
            boolean whole = e.replacement != null && list.indexOf(',') < 0 && list.contains("-") == e.replacement.contains("-");
            String remedy = !whole ? null : suggested(input.substring(host, offset) + ":" + e.replacement);
            throw error(offset + 1 + e.offset, e.getMessage(), remedy);
        }
    }

    private void bareV6(String rest) {
        if (rest.chars().filter(c -> c == ':').count() < 2) {
            return;
        }
        String address = rest.replaceFirst("/.*$", "");
        if (IpAddress.parse(address) != null) {
            throw error(host, "an IPv6 address stands in brackets", suggested("[" + rest + "]:" + Endpoint.DEFAULT_PORT));
        }
    }

    /** The text up to a path, query or fragment, without user information and final dots. */
    private static String stripped(String text) {
        int end = indexOfAny(text, "/?#\\");
        String authority = end < 0 ? text : text.substring(0, end);
        return authority.substring(authority.lastIndexOf('@') + 1);
    }

    /** The text if it parses, in its canonical form and with the scheme, else null: a suggestion must work. */
    private String suggested(String text) {
        boolean network = text.startsWith("[") || isNetwork(text);
        try {
            return Endpoint.parse((protocol == Protocol.UDP ? "udp://" : "") + (network ? text : stripped(text))).toString();
        } catch (EndpointSyntaxException e) {
            return e.suggestion();
        }
    }

    private static boolean isNetwork(String text) {
        int slash = text.indexOf('/');
        return slash > 0 && IpAddress.parse(text.substring(0, slash)) != null;
    }

    private static int indexOfAny(String text, String characters) {
        for (int i = 0; i < text.length(); i++) {
            if (characters.indexOf(text.charAt(i)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private EndpointSyntaxException error(int position, String problem, String suggestion) {
        return new EndpointSyntaxException(input, position, problem, suggestion);
    }
}

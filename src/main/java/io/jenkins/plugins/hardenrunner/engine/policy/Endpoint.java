package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A set of destinations: {@code [scheme://]host[:ports]}.
 *
 * <p>The scheme is {@code tcp} (default) or {@code udp}. The host is a DNS name, {@code *.name} for any number of
 * labels before the name but not the name itself, an IPv4 address or network, or an IPv6 address or network in
 * brackets. Ports are {@code 443}, {@code 80,443}, {@code 8000-8100} or {@code *}; without ports 443 is meant.
 */
public final class Endpoint {
    /** The port of an endpoint that names none. */
    public static final int DEFAULT_PORT = 443;

    /** What stands for the host. */
    public enum Kind {
        /** One name. */
        NAME,
        /** All names under one. */
        SUFFIX,
        /** A network or a single address. */
        CIDR
    }

    private final Protocol protocol;
    private final Kind kind;
    private final String value;
    private final Cidr cidr;
    private final Ports ports;
    private final int hash;

    Endpoint(Protocol protocol, Kind kind, String value, Cidr cidr, Ports ports) {
        this.protocol = protocol;
        this.kind = kind;
        this.value = value;
        this.cidr = cidr;
        this.ports = ports;
        this.hash = Objects.hash(protocol, kind, value, ports);
    }

    /** An endpoint for a name that is already canonical, as observed in a DNS answer. */
    public static Endpoint ofName(Protocol protocol, String name, int port) {
        return new Endpoint(protocol, Kind.NAME, name, null, Ports.of(port));
    }

    /** An endpoint for all names under one that is already canonical, also where people may not write it. */
    static Endpoint ofSuffix(Protocol protocol, String name, Ports ports) {
        return new Endpoint(protocol, Kind.SUFFIX, name, null, ports);
    }

    /** An endpoint for a single address. */
    public static Endpoint ofAddress(Protocol protocol, IpAddress address, int port) {
        Cidr single = Cidr.single(address);
        return new Endpoint(protocol, Kind.CIDR, single.toString(), single, Ports.of(port));
    }

    /**
     * Parses one endpoint.
     *
     * @throws EndpointSyntaxException with the position, and a suggestion where the intent can be guessed
     */
    public static Endpoint parse(String text) {
        return new EndpointParser(text).parse();
    }

    /**
     * Parses endpoints separated by white space or newlines.
     *
     * @throws EndpointSyntaxException with the position from the beginning of the whole text
     */
    public static List<Endpoint> parseList(String text) {
        List<Endpoint> endpoints = new ArrayList<>();
        int from = 0;
        while (from < text.length()) {
            if (Character.isWhitespace(text.charAt(from))) {
                from++;
                continue;
            }
            int to = from;
            while (to < text.length() && !Character.isWhitespace(text.charAt(to))) {
                to++;
            }
            try {
                endpoints.add(parse(text.substring(from, to)));
            } catch (EndpointSyntaxException e) {
                throw e.within(from);
            }
            from = to;
        }
        return endpoints;
    }

    /** The transport protocol. */
    public Protocol protocol() {
        return protocol;
    }

    /** What stands for the host. */
    public Kind kind() {
        return kind;
    }

    /** The name without {@code *.}, or the network as {@code 192.0.2.0/24}: lower case, canonical. */
    public String value() {
        return value;
    }

    /** The network; null for names. */
    public Cidr cidr() {
        return cidr;
    }

    /** The ports. */
    public Ports ports() {
        return ports;
    }

    /** The host as it is written in an endpoint: {@code *.example.com}, {@code [2001:db8::1]}, {@code 192.0.2.0/24}. */
    public String host() {
        if (kind == Kind.SUFFIX) {
            return "*." + value;
        }
        if (kind == Kind.NAME) {
            return value;
        }
        String network = cidr.isSingle() ? cidr.base().toString() : value;
        return network.indexOf(':') >= 0 ? "[" + network + "]" : network;
    }

    /** Whether the host is a name pattern that the canonical name matches, on whatever port. */
    public boolean matchesName(String name) {
        return switch (kind) {
            case NAME -> name.equals(value);
            // The dot is part of the comparison: evilexample.com does not match *.example.com.
            case SUFFIX -> name.length() > value.length() + 1 && name.endsWith("." + value);
            case CIDR -> false;
        };
    }

    /** Whether the host is a network that holds the address, on whatever port. */
    public boolean matchesAddress(IpAddress address) {
        return kind == Kind.CIDR && cidr.contains(address);
    }

    /**
     * The endpoint that matches exactly what both match; null if nothing does. Names and networks do not meet: which
     * address a name has is not known here.
     */
    public Endpoint intersection(Endpoint other) {
        if (protocol != other.protocol) {
            return null;
        }
        Endpoint narrower = holdsHostOf(other) ? other : other.holdsHostOf(this) ? this : null;
        if (narrower == null) {
            return null;
        }
        Ports both = ports.and(other.ports);
        return both.size() == 0 ? null : new Endpoint(protocol, narrower.kind, narrower.value, narrower.cidr, both);
    }

    /** Whether this matches whatever the other matches. */
    public boolean covers(Endpoint other) {
        return protocol == other.protocol && holdsHostOf(other) && ports.containsAll(other.ports);
    }

    private boolean holdsHostOf(Endpoint other) {
        if (kind == Kind.CIDR || other.kind == Kind.CIDR) {
            return kind == other.kind && cidr.prefix() <= other.cidr.prefix() && cidr.contains(other.cidr.base());
        }
        // Every name under x.a.example is under a.example, and *.a.example holds itself but not its apex.
        return kind == Kind.NAME
                ? other.kind == Kind.NAME && value.equals(other.value)
                : matchesName(other.value) || other.kind == Kind.SUFFIX && value.equals(other.value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Endpoint endpoint
                && protocol == endpoint.protocol
                && kind == endpoint.kind
                && value.equals(endpoint.value)
                && ports.equals(endpoint.ports);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The canonical text; {@link #parse} reads it back. */
    @Override
    public String toString() {
        return (protocol == Protocol.UDP ? "udp://" : "") + host() + ":" + ports;
    }
}

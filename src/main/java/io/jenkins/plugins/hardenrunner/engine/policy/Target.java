package io.jenkins.plugins.hardenrunner.engine.policy;

/**
 * One destination.
 *
 * @param name the name through which it is reached, canonical; null for an address without one
 * @param address null if only the name is known
 */
public record Target(Protocol protocol, String name, IpAddress address, int port) {
    public Target {
        if (name == null && address == null) {
            throw new PolicyException("a target needs a name or an address");
        }
        address = address == null ? null : address.canonical();
    }

    /**
     * Parses a target in the endpoint grammar: a name or a single address with one port.
     *
     * @throws PolicyException if it does not parse or means more than one destination
     */
    public static Target parse(String text) {
        Endpoint endpoint = Endpoint.parse(text.trim());
        if (endpoint.kind() == Endpoint.Kind.SUFFIX) {
            throw new EndpointSyntaxException(text, 0, "a target is one host, not a pattern", null);
        }
        if (endpoint.kind() == Endpoint.Kind.CIDR && !endpoint.cidr().isSingle()) {
            throw new EndpointSyntaxException(text, text.indexOf('/'), "a target is one host, not a network", null);
        }
        if (endpoint.ports().size() != 1) {
            throw new EndpointSyntaxException(text, text.lastIndexOf(':') + 1, "a target has one port", null);
        }
        boolean named = endpoint.kind() == Endpoint.Kind.NAME;
        return new Target(endpoint.protocol(), named ? endpoint.value() : null,
                named ? null : endpoint.cidr().base(), endpoint.ports().first());
    }

    /** The endpoint that matches this destination only, by its name if it has one. */
    public Endpoint endpoint() {
        return name != null
                ? Endpoint.ofName(protocol, name, port)
                : Endpoint.ofAddress(protocol, address, port);
    }

    @Override
    public String toString() {
        return endpoint().toString();
    }
}

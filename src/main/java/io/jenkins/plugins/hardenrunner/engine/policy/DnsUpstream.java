package io.jenkins.plugins.hardenrunner.engine.policy;

/** A name server that answers the queries of the block. */
public record DnsUpstream(IpAddress address, int port) {
    /**
     * Parses {@code 192.0.2.53}, {@code 192.0.2.53:5353} or {@code [2001:db8::53]:53}; without a port 53 is meant.
     *
     * @throws PolicyException if the text is something else
     */
    public static DnsUpstream parse(String text) {
        String trimmed = text.trim();
        IpAddress alone = IpAddress.parse(trimmed);
        if (alone != null) {
            return new DnsUpstream(alone, 53);
        }
        int colon = trimmed.lastIndexOf(':');
        String host = colon < 0 ? trimmed : trimmed.substring(0, colon);
        IpAddress address = host.indexOf(':') >= 0 && !host.startsWith("[") ? null : IpAddress.parse(host);
        String port = colon < 0 ? "" : trimmed.substring(colon + 1);
        if (address == null || !port.matches("[1-9][0-9]{0,4}") || Integer.parseInt(port) > 65535) {
            throw new PolicyException("name server '" + Text.shown(trimmed)
                    + "' is not ADDRESS or ADDRESS:PORT, such as 192.0.2.53:53 or [2001:db8::53]:53");
        }
        return new DnsUpstream(address, Integer.parseInt(port));
    }

    /** {@code 192.0.2.53:53} or {@code [2001:db8::53]:53}. */
    @Override
    public String toString() {
        return (address.bits() == 128 ? "[" + address + "]" : address.toString()) + ":" + port;
    }
}

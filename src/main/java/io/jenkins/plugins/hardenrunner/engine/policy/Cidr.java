package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.Arrays;

/** A network: a base address whose host bits are zero, and a prefix length in bits. */
public record Cidr(IpAddress base, int prefix) {

    /** @throws PolicyException if the prefix is out of range or a host bit is set */
    public Cidr {
        if (prefix < 0 || prefix > base.bits()) {
            throw new PolicyException("the prefix length of " + base + " must be 0 to " + base.bits());
        }
        if (!masked(base, prefix).equals(base)) {
            throw new PolicyException("bits behind the prefix length /" + prefix + " of " + base + " are set");
        }
    }

    /** The network of a single address. */
    public static Cidr single(IpAddress address) {
        IpAddress canonical = address.canonical();
        return new Cidr(canonical, canonical.bits());
    }

    /** The network of this prefix length that holds the address. */
    static Cidr around(IpAddress address, int prefix) {
        return new Cidr(masked(address, prefix), prefix);
    }

    /** The same network as the helper sees it: parts of ::ffff:0:0/96 and of 64:ff9b::/96 are IPv4 networks. */
    Cidr canonical() {
        return base.embeddedV4() && prefix >= 96 ? new Cidr(base.canonical(), prefix - 96) : this;
    }

    /** Whether the address, in canonical form, is in this network. */
    public boolean contains(IpAddress address) {
        IpAddress canonical = address.canonical();
        return canonical.bits() == base.bits() && masked(canonical, prefix).equals(base);
    }

    /** Whether this is the network of a single address. */
    public boolean isSingle() {
        return prefix == base.bits();
    }

    private static IpAddress masked(IpAddress address, int prefix) {
        byte[] bytes = address.bytes();
        int whole = prefix / 8;
        if (whole < bytes.length) {
            bytes[whole] &= (byte) (0xff00 >> prefix % 8);
            Arrays.fill(bytes, whole + 1, bytes.length, (byte) 0);
        }
        return IpAddress.of(bytes);
    }

    /** {@code 192.0.2.0/24}; a single address has its full prefix length too. */
    @Override
    public String toString() {
        return base + "/" + prefix;
    }
}

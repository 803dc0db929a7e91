package io.jenkins.plugins.hardenrunner.goat;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The names that the scenarios use, and the loopback addresses that stand for their servers. All are under .test, which
 * RFC 6761 reserves: no name here can ever belong to somebody.
 */
enum Zone {
    ATTACKER("attacker.test", "127.0.1.9", false),
    REGISTRY("registry.test", "127.0.1.10", false),
    MALICIOUS("malicious.test", "127.0.1.11", true);

    private final String domain;
    private final String address;
    private final boolean subdomains;

    Zone(String domain, String address, boolean subdomains) {
        this.domain = domain;
        this.address = address;
        this.subdomains = subdomains;
    }

    String domain() {
        return domain;
    }

    String address() {
        return address;
    }

    /** Names for the server's certificate. */
    List<String> certificateNames() {
        return subdomains ? List.of(domain, "*." + domain) : List.of(domain);
    }

    /** Finds the zone that answers for a name, in any case and with or without the final dot. */
    static Optional<Zone> of(String name) {
        String n = name.toLowerCase(Locale.ROOT);
        String plain = n.endsWith(".") ? n.substring(0, n.length() - 1) : n;
        for (Zone zone : values()) {
            if (plain.equals(zone.domain) || zone.subdomains && plain.endsWith("." + zone.domain)) {
                return Optional.of(zone);
            }
        }
        return Optional.empty();
    }
}

package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.List;
import java.util.stream.Stream;

/** Link-local, multicast and cloud metadata addresses (docs/policy-file.md, line 4 of the decision). */
final class SpecialAddresses {
    private static final List<Cidr> NETWORKS = Stream.of(
                    "169.254.0.0/16", "fe80::/10", "224.0.0.0/4", "255.255.255.255/32", "ff00::/8",
                    // The clouds' own, as in the helper's sockaddr.c.
                    "fd00:ec2::/32", "fd20:ce::254/128", "fd00:c1::a9fe:a9fe/128", "fd00:100::100:200/128", "fd00:42::42/128",
                    "fd00:a9fe:a9fe::1/128", "168.63.129.16/32", "100.100.100.200/32", "192.0.0.192/32")
            .map(text -> new Cidr(IpAddress.parse(text.substring(0, text.indexOf('/'))),
                    Integer.parseInt(text.substring(text.indexOf('/') + 1))))
            .toList();

    private SpecialAddresses() {}

    static boolean contain(IpAddress address) {
        return NETWORKS.stream().anyMatch(network -> network.contains(address));
    }
}

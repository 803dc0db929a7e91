package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Finds the endpoints whose host holds a name or an address, in a time that does not grow with their number. */
final class EndpointIndex<T> {
    private final Map<String, List<T>> names = new HashMap<>();
    private final Map<String, List<T>> suffixes = new HashMap<>();
    private final Map<Cidr, List<T>> networks = new HashMap<>();
    private final TreeSet<Integer> prefixes4 = new TreeSet<>();
    private final TreeSet<Integer> prefixes6 = new TreeSet<>();

    void add(Endpoint endpoint, T entry) {
        switch (endpoint.kind()) {
            case NAME -> put(names, endpoint.value(), entry);
            case SUFFIX -> put(suffixes, endpoint.value(), entry);
            case CIDR -> {
                put(networks, endpoint.cidr(), entry);
                prefixes(endpoint.cidr().base()).add(endpoint.cidr().prefix());
            }
        }
    }

    private static <K, T> void put(Map<K, List<T>> map, K key, T entry) {
        // Almost all keys stand once.
        map.computeIfAbsent(key, any -> new ArrayList<>(1)).add(entry);
    }

    private TreeSet<Integer> prefixes(IpAddress address) {
        return address.bits() == 128 ? prefixes6 : prefixes4;
    }

    /** Calls with each entry whose host is the name, or a pattern that matches it; ports are not looked at. */
    void ofName(String name, Consumer<T> found) {
        names.getOrDefault(name, List.of()).forEach(found);
        if (suffixes.isEmpty()) {
            return;
        }
        for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
            suffixes.getOrDefault(name.substring(dot + 1), List.of()).forEach(found);
        }
    }

    /** Calls with each entry whose network holds the address; ports are not looked at. */
    void ofAddress(IpAddress address, Consumer<T> found) {
        IpAddress canonical = address.canonical();
        for (int prefix : prefixes(canonical)) {
            networks.getOrDefault(Cidr.around(canonical, prefix), List.of()).forEach(found);
        }
    }

    /** Calls with each entry whose host holds the whole host of the endpoint; protocol and ports are not looked at. */
    void holding(Endpoint endpoint, Consumer<T> found) {
        switch (endpoint.kind()) {
            case NAME -> ofName(endpoint.value(), found);
            case SUFFIX -> {
                suffixes.getOrDefault(endpoint.value(), List.of()).forEach(found);
                // *.a.example also holds *.x.a.example: the same walk as for the name x.a.example.
                for (int dot = endpoint.value().indexOf('.'); dot >= 0; dot = endpoint.value().indexOf('.', dot + 1)) {
                    suffixes.getOrDefault(endpoint.value().substring(dot + 1), List.of()).forEach(found);
                }
            }
            case CIDR -> {
                Cidr inner = endpoint.cidr();
                for (int prefix : prefixes(inner.base()).headSet(inner.prefix(), true)) {
                    networks.getOrDefault(Cidr.around(inner.base(), prefix), List.of()).forEach(found);
                }
            }
        }
    }
}

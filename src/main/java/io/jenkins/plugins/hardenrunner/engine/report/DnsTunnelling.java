package io.jenkins.plugins.hardenrunner.engine.report;

import io.jenkins.plugins.hardenrunner.engine.event.Event;
import io.jenkins.plugins.hardenrunner.engine.policy.PublicSuffixes;
import io.jenkins.plugins.hardenrunner.engine.policy.Verdict;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds data that leaves in the names of DNS queries: many different names under one registered domain. Honest builds
 * ask for few names; a tunnel needs a new name for each piece of data, because answers are cached.
 */
final class DnsTunnelling {
    /** From this length on a label looks like encoded data; the longest possible is 63. */
    static final int LONG_LABEL = 40;
    /** So many different long labels under one domain are a tunnel. */
    static final int LONG_LABELS = 5;
    /** So many different names under one domain are a tunnel, however short. */
    static final int NAMES = 50;

    private static final int MAX_DOMAINS = 10_000;
    /** Well above the thresholds; a count that has reached it means "or more". */
    static final int MAX_KEPT = 1000;

    /** The names asked for under one registered domain. */
    static final class Domain {
        /** The queries as rows of the report, one for each verdict and rule, under the name {@code *.domain}. */
        final Map<Aggregation.EndpointKey, Row<Aggregation.EndpointKey>> rows = new LinkedHashMap<>();
        final String name;
        final Set<String> longLabels = new HashSet<>();
        final Set<String> names = new LinkedHashSet<>();
        final Set<ImageRef> images = new LinkedHashSet<>();
        long queries;
        long letOut;
        String longest = "";

        Domain(String name) {
            this.name = name;
        }

        /** The shape of the longest name. Its content is what was to be stolen: it does not belong into a log. */
        String example() {
            String label = longest.substring(0, Math.max(0, longest.indexOf('.')));
            return label.length() <= 8 ? longest : label.substring(0, 4) + "…(" + label.length() + " characters)"
                    + longest.substring(label.length());
        }

        boolean suspicious() {
            return longLabels.size() >= LONG_LABELS || names.size() >= NAMES;
        }
    }

    private final Map<String, Domain> domains = new LinkedHashMap<>();

    /** Takes a query; returns whether its domain already is a tunnel. */
    boolean add(Event.Dns query, ImageRef image) {
        String registered = PublicSuffixes.registeredDomain(query.name());
        Domain domain = domains.get(registered);
        if (domain == null) {
            if (domains.size() >= MAX_DOMAINS) {
                return false;
            }
            domain = new Domain(registered);
            domains.put(registered, domain);
        }
        boolean known = domain.suspicious();
        domain.queries++;
        domain.letOut += query.verdict() == Verdict.BLOCKED ? 0 : 1;
        Aggregation.EndpointKey key =
                new Aggregation.EndpointKey("dns", "*." + registered, "", 53, query.verdict(), query.rule());
        if (domain.rows.containsKey(key) || domain.rows.size() < 100) {
            domain.rows.computeIfAbsent(key, Row::new).add(image, query.head().time());
        }
        if (domain.images.size() < 20) {
            domain.images.add(image);
        }
        if (query.name().length() > registered.length()) {
            String below = query.name().substring(0, query.name().length() - registered.length() - 1);
            for (String label : below.split("\\.")) {
                if (label.length() >= LONG_LABEL && domain.longLabels.size() < MAX_KEPT) {
                    domain.longLabels.add(label);
                }
            }
            if (domain.names.size() < MAX_KEPT) {
                domain.names.add(below);
            }
            if (query.name().length() > domain.longest.length()) {
                domain.longest = query.name();
            }
        }
        return known;
    }

    /** The domains that look like tunnels. */
    List<Domain> found() {
        return domains.values().stream().filter(Domain::suspicious).toList();
    }
}

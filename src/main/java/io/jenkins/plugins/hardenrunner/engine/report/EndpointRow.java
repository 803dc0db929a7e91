package io.jenkins.plugins.hardenrunner.engine.report;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A destination with the images behind it and as the report shows it. */
final class EndpointRow {
    /**
     * Caches that would resolve names out of the supervisor's sight. The helper refuses them in every mode so that
     * programs ask DNS instead; every C library tries them, so this says nothing about a build.
     */
    private static final Set<String> RESOLVER_SOCKETS = Set.of(
            "/run/nscd/socket", "/var/run/nscd/socket",
            "/run/systemd/resolve/io.systemd.Resolve", "/var/run/systemd/resolve/io.systemd.Resolve");

    final Row<Aggregation.EndpointKey> row;
    final Report.Endpoint shown = new Report.Endpoint();

    EndpointRow(Row<Aggregation.EndpointKey> row) {
        this.row = row;
        Aggregation.EndpointKey key = row.key;
        shown.name = key.name();
        shown.address = key.address();
        shown.port = key.port();
        shown.protocol = key.protocol();
        shown.verdict = key.verdict().token();
        shown.rule = key.rule();
        shown.count = row.count;
        shown.firstSeen = ReportAssembly.time(row.first);
        shown.lastSeen = ReportAssembly.time(row.last);
    }

    void fill(Lineages lineages) {
        shown.lineages = lineages.ids(row.images);
    }

    boolean query() {
        return shown.protocol.equals("dns");
    }

    boolean unix() {
        return shown.protocol.equals("unix");
    }

    /** Whether the destination is on this machine and was free for that reason. */
    boolean local() {
        return shown.staysOnTheMachine() || unix();
    }

    /** All destinations; a name that was asked for and then contacted stands once, a tunnel's names stand together. */
    static List<EndpointRow> all(Aggregation aggregation) {
        Set<String> contacted = new HashSet<>();
        for (Aggregation.EndpointKey key : aggregation.endpoints.keySet()) {
            if (key.name() != null && !key.protocol().equals("dns")) {
                contacted.add(key.name());
            }
        }
        List<DnsTunnelling.Domain> tunnels = aggregation.tunnelling.found();
        List<EndpointRow> rows = new ArrayList<>();
        for (Row<Aggregation.EndpointKey> row : aggregation.endpoints.values()) {
            Aggregation.EndpointKey key = row.key;
            boolean answered = key.protocol().equals("dns")
                    && contacted.contains(key.name())
                    && !key.verdict().token().equals("blocked");
            boolean tunnelled = key.protocol().equals("dns")
                    && tunnels.stream().anyMatch(domain -> under(key.name(), domain.name));
            boolean resolver = key.protocol().equals("unix") && RESOLVER_SOCKETS.contains(key.address());
            if (!answered && !tunnelled && !resolver) {
                rows.add(new EndpointRow(row));
            }
        }
        tunnels.forEach(domain -> domain.rows.values().forEach(row -> rows.add(new EndpointRow(row))));
        return rows;
    }

    static boolean under(String name, String domain) {
        return name.equals(domain) || name.endsWith("." + domain);
    }
}

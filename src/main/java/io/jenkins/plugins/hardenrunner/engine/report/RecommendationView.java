package io.jenkins.plugins.hardenrunner.engine.report;

import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.Endpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.EndpointSyntaxException;
import io.jenkins.plugins.hardenrunner.engine.policy.Rule;
import io.jenkins.plugins.hardenrunner.engine.recommend.Recommendation;
import java.util.ArrayList;
import java.util.List;

/** What was seen, as the recommendation of the report. */
final class RecommendationView {
    private final EffectivePolicy policy;
    private final Lineages lineages;
    private final List<DnsTunnelling.Domain> tunnels;

    RecommendationView(EffectivePolicy policy, Lineages lineages, List<DnsTunnelling.Domain> tunnels) {
        this.policy = policy;
        this.lineages = lineages;
        this.tunnels = tunnels;
    }

    Report.Recommended of(List<EndpointRow> rows) {
        List<Recommendation.Observed> observations = new ArrayList<>();
        for (EndpointRow row : rows) {
            Rule rule = policy.rule(row.shown.rule);
            boolean onBlockList = rule != null && rule.action() == Rule.Action.BLOCK;
            boolean resolvedOnly = row.query() && !refused(row);
            if (!onBlockList && !resolvedOnly && !row.local()) {
                observe(row, observations);
            }
        }
        return shown(Recommendation.of(observations));
    }

    private void observe(EndpointRow row, List<Recommendation.Observed> observations) {
        Endpoint endpoint;
        try {
            endpoint = Endpoint.parse(Explanation.endpoint(row.shown));
        } catch (EndpointSyntaxException e) {
            // A name or an address that no rule can hold, from a hostile query: it cannot be recommended.
            return;
        }
        if (endpoint.kind() != Endpoint.Kind.SUFFIX) {
            observations.add(new Recommendation.Observed(
                    endpoint, row.row.count, row.shown.firstSeen, row.shown.lastSeen, note(row)));
        }
    }

    private static boolean refused(EndpointRow row) {
        return row.shown.verdict.equals("blocked");
    }

    /** Why a person should look at the destination first; null if nothing speaks against it. */
    private String note(EndpointRow row) {
        String name = row.shown.name;
        if (row.shown.rule.equals("metadata")) {
            return "link-local or cloud metadata address";
        }
        if (name != null && tunnels.stream().anyMatch(domain -> EndpointRow.under(name, domain.name))) {
            return "under a domain whose DNS queries look like a tunnel";
        }
        if (row.shown.verdict.equals("allowed")) {
            return null; // a rule names it already
        }
        List<Lineages.DependencyScript> scripts = new ArrayList<>();
        for (ImageRef image : row.row.images) {
            scripts.add(lineages.dependencyScript(image));
        }
        if (!scripts.isEmpty() && !scripts.contains(null)) {
            return "seen only from " + scripts.get(0).script() + " of " + scripts.get(0).label();
        }
        if (refused(row)) {
            return row.query() ? "its name was refused, so the port is a guess" : "it was refused";
        }
        return null;
    }

    static Report.Recommended shown(Recommendation recommendation) {
        Report.Recommended view = new Report.Recommended();
        for (Recommendation.Entry entry : recommendation.entries()) {
            Report.RecommendedEndpoint shown = new Report.RecommendedEndpoint();
            shown.endpoint = entry.endpoint().toString();
            shown.count = entry.count();
            shown.firstSeen = entry.firstSeen();
            shown.lastSeen = entry.lastSeen();
            shown.note = entry.note();
            shown.risk = Lineages.emptyToNull(Explanation.risk(shown.endpoint));
            view.allowedEndpoints.add(shown);
        }
        view.text = recommendation.text();
        view.jenkinsfile = recommendation.jenkinsfile();
        view.jcasc = recommendation.jcasc();
        view.github = recommendation.github();
        return view;
    }
}

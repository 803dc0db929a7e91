package io.jenkins.plugins.hardenrunner.engine.report;

import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.Rule;
import io.jenkins.plugins.hardenrunner.engine.policy.TraceEntry;

/** An effective policy as the report shows it. */
public final class PolicyView {
    private PolicyView() {}

    /** @param sha256 of the policy file of the first launch, or null */
    public static Report.Policy of(EffectivePolicy policy, String sha256) {
        Report.Policy view = new Report.Policy();
        view.egressPolicy = policy.egressPolicy().token();
        view.filePolicy = policy.filePolicy().token();
        view.credentialPolicy = policy.credentialPolicy().token();
        view.loopback = policy.loopback().token();
        view.inbound = policy.inbound().token();
        view.sni = policy.sni().token();
        view.metadata = policy.metadataAllowed() ? "allow" : "deny";
        view.sha256 = sha256;
        for (Rule rule : policy.rules()) {
            Report.PolicyRule shown = new Report.PolicyRule();
            shown.id = rule.id();
            shown.action = rule.action().token();
            shown.endpoint = rule.endpoint().toString();
            shown.origin = rule.origin().label();
            shown.reason = Lineages.emptyToNull(rule.reason());
            shown.risk = rule.action() == Rule.Action.ALLOW ? Lineages.emptyToNull(Explanation.risk(shown.endpoint)) : null;
            view.rules.add(shown);
        }
        policy.expectedChanges().forEach(rule -> view.expectedChanges.add(rule.text() + " (" + rule.origin().label() + ")"));
        for (TraceEntry entry : policy.trace()) {
            Report.Trace shown = new Report.Trace();
            shown.setting = entry.setting();
            shown.value = entry.value();
            shown.origin = entry.origin().label();
            for (TraceEntry.Overruled overruled : entry.overruled()) {
                Report.Overruled loser = new Report.Overruled();
                loser.value = overruled.value();
                loser.origin = overruled.origin().label();
                shown.overruled.add(loser);
            }
            view.trace.add(shown);
        }
        return view;
    }
}

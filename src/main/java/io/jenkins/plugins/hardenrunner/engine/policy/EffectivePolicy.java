package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.List;
import java.util.Set;

/** What holds for one block after all layers have been heard, with the trace of who decided. */
public final class EffectivePolicy {
    private final Settings settings;
    private final List<Rule> rules;
    private final List<DnsUpstream> dnsUpstreams;
    private final List<String> protectedGlobs;
    private final List<TraceEntry> trace;

    /** The modes of an effective policy. */
    record Settings(
            EgressPolicy egressPolicy,
            FilePolicy filePolicy,
            CredentialPolicy credentialPolicy,
            LoopbackPolicy loopback,
            boolean metadataAllowed,
            OnViolation onViolation,
            OnDeviation onDeviation,
            OnUnsupported onUnsupported) {}

    EffectivePolicy(Settings settings, List<Rule> rules, List<DnsUpstream> dnsUpstreams, List<String> protectedGlobs,
            List<TraceEntry> trace) {
        this.settings = settings;
        this.rules = List.copyOf(rules);
        this.dnsUpstreams = List.copyOf(dnsUpstreams);
        this.protectedGlobs = List.copyOf(protectedGlobs);
        this.trace = List.copyOf(trace);
    }

    /**
     * Combines layers. For each setting the nearest layer that sets it decides, except that a floor layer's modes are
     * minimums; rules and protected globs add up; the name servers are those of the nearest layer that has any.
     *
     * @param nearestFirst for example step, inner folder, outer folder, global
     */
    public static EffectivePolicy resolve(List<PolicyLayer> nearestFirst) {
        return new Resolution(nearestFirst).resolve();
    }

    /** What happens to connections that no rule allows. */
    public EgressPolicy egressPolicy() {
        return settings.egressPolicy();
    }

    /** What happens to writes that touch sources. */
    public FilePolicy filePolicy() {
        return settings.filePolicy();
    }

    /** What happens to reads of credential files. */
    public CredentialPolicy credentialPolicy() {
        return settings.credentialPolicy();
    }

    /** How loopback destinations are judged. */
    public LoopbackPolicy loopback() {
        return settings.loopback();
    }

    /** Whether link-local and cloud metadata addresses are free. */
    public boolean metadataAllowed() {
        return settings.metadataAllowed();
    }

    /** What a violation does. */
    public OnViolation onViolation() {
        return settings.onViolation();
    }

    /** What a deviation from the baseline does. */
    public OnDeviation onDeviation() {
        return settings.onDeviation();
    }

    /** What happens when a protection is missing. */
    public OnUnsupported onUnsupported() {
        return settings.onUnsupported();
    }

    /** Allow rules first, then block rules, each in the order of the layers. */
    public List<Rule> rules() {
        return rules;
    }

    /** The rule with this id; null if there is none (as for {@code default}). */
    public Rule rule(String id) {
        return rules.stream().filter(rule -> rule.id().equals(id)).findFirst().orElse(null);
    }

    /** Whether there is an allow rule, that is whether somebody said what is expected. */
    public boolean hasAllowRules() {
        return rules.stream().anyMatch(rule -> rule.action() == Rule.Action.ALLOW);
    }

    /** The name servers; empty means those of the machine. */
    public List<DnsUpstream> dnsUpstreams() {
        return dnsUpstreams;
    }

    /** Globs, relative to the workspace, of files whose change is of interest. */
    public List<String> protectedGlobs() {
        return protectedGlobs;
    }

    /** Who decided each setting. */
    public List<TraceEntry> trace() {
        return trace;
    }

    /**
     * Judges one destination in the order of docs/policy-file.md, as the helper does at run time. A target that has a
     * name only is judged by its name: which address an answer will give is not known here.
     */
    public Decision decide(Target target) {
        for (Rule rule : rules) {
            if (rule.action() == Rule.Action.BLOCK && (byAddress(rule, target) || byName(rule, target))) {
                String why = rule.reason().isEmpty() ? "" : " (" + rule.reason() + ")";
                return new Decision(Verdict.BLOCKED, rule.id(), rule,
                        "the block rule '" + rule.endpoint() + "' of " + rule.origin().label() + " matches" + why);
            }
        }
        Decision byAddress = firstAllowing(target, true);
        if (byAddress != null) {
            return byAddress;
        }
        boolean loopback = target.address() != null ? target.address().isLoopback() : LOCAL.contains(target.name());
        if (loopback && loopback() == LoopbackPolicy.ALLOW) {
            return new Decision(Verdict.ALLOWED, "loopback", null, "loopback addresses are free (loopback: allow)");
        }
        // Before rules by name: whoever runs an allowed name's DNS server chooses its addresses.
        if (target.address() != null && !metadataAllowed() && SpecialAddresses.contain(target.address())) {
            return refused("metadata",
                    "link-local, multicast and cloud metadata addresses are refused unless a rule has the address");
        }
        Decision byName = firstAllowing(target, false);
        if (byName != null) {
            return byName;
        }
        String own = loopback ? " and no process of the block is known to listen there (loopback: own)" : "";
        return refused("default", (hasAllowRules() ? "no allow rule matches" : "there are no allow rules") + own);
    }

    private static final Set<String> LOCAL = Set.of("localhost", "ip6-localhost", "ip6-loopback");

    private Decision firstAllowing(Target target, boolean byAddress) {
        for (Rule rule : rules) {
            if (rule.action() == Rule.Action.ALLOW && (byAddress ? byAddress(rule, target) : byName(rule, target))) {
                return new Decision(Verdict.ALLOWED, rule.id(), rule,
                        "the allow rule '" + rule.endpoint() + "' of " + rule.origin().label() + " matches");
            }
        }
        return null;
    }

    private Decision refused(String ruleId, String reason) {
        boolean block = egressPolicy() == EgressPolicy.BLOCK;
        return new Decision(block ? Verdict.BLOCKED : Verdict.WOULD_BLOCK, ruleId, null, reason);
    }

    private static boolean byAddress(Rule rule, Target target) {
        return matchesTransport(rule, target)
                && target.address() != null
                && rule.endpoint().matchesAddress(target.address());
    }

    private static boolean byName(Rule rule, Target target) {
        return matchesTransport(rule, target) && target.name() != null && rule.endpoint().matchesName(target.name());
    }

    private static boolean matchesTransport(Rule rule, Target target) {
        return rule.endpoint().protocol() == target.protocol()
                && rule.endpoint().ports().contains(target.port());
    }
}

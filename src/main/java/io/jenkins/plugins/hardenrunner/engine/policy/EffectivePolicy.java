package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What holds for one block after all layers have been heard, with the trace of who decided. */
public final class EffectivePolicy {
    private final Settings settings;
    private final List<Rule> rules;
    private final List<DnsUpstream> dnsUpstreams;
    private final List<String> protectedGlobs;
    private final List<String> credentialPaths;
    private final List<String> allowedSockets;
    private final List<String> keptCapabilities;
    private final List<ExpectedChange> expectedChanges;
    private final List<TraceEntry> trace;
    private final List<CutRule> cuts;
    private final Map<String, Rule> byId = new HashMap<>();
    private final EndpointIndex<Integer> allow = new EndpointIndex<>();
    private final EndpointIndex<Integer> block = new EndpointIndex<>();
    private final boolean hasAllowRules;
    private final boolean hasAllowList;

    /** The modes of an effective policy. */
    record Settings(
            EgressPolicy egressPolicy,
            FilePolicy filePolicy,
            CredentialPolicy credentialPolicy,
            LoopbackPolicy loopback,
            InboundPolicy inbound,
            SniPolicy sni,
            boolean metadataAllowed,
            OnViolation onViolation,
            OnDeviation onDeviation,
            OnUnsupported onUnsupported) {}

    EffectivePolicy(Settings settings, List<Rule> rules, List<DnsUpstream> dnsUpstreams, List<String> protectedGlobs,
            List<String> credentialPaths, List<String> allowedSockets, List<String> keptCapabilities, List<ExpectedChange> expectedChanges,
            List<TraceEntry> trace, List<CutRule> cuts) {
        this.settings = settings;
        this.rules = List.copyOf(rules);
        this.dnsUpstreams = List.copyOf(dnsUpstreams);
        this.protectedGlobs = List.copyOf(protectedGlobs);
        this.credentialPaths = List.copyOf(credentialPaths);
        this.allowedSockets = List.copyOf(allowedSockets);
        this.keptCapabilities = List.copyOf(keptCapabilities);
        this.expectedChanges = List.copyOf(expectedChanges);
        this.trace = List.copyOf(trace);
        this.cuts = List.copyOf(cuts);
        boolean allows = false;
        boolean lists = false;
        for (int i = 0; i < this.rules.size(); i++) {
            Rule rule = this.rules.get(i);
            boolean allowing = rule.action() == Rule.Action.ALLOW;
            allows |= allowing;
            lists |= allowing && rule.origin().kind() != Origin.Kind.BASELINE;
            byId.put(rule.id(), rule);
            (allowing ? allow : block).add(rule.endpoint(), i);
        }
        this.hasAllowRules = allows;
        this.hasAllowList = lists;
    }

    /**
     * Combines layers. For each setting the nearest layer that sets it decides, of peers the strictest; a floor layer's
     * modes are minimums and nothing else. Rules, paths and sockets add up, allow rules only as far as the ceilings of
     * farther scopes let them. The name servers are those of the nearest layer that has any.
     *
     * @param nearestFirst for example step, inner folder, outer folder, global
     */
    public static EffectivePolicy resolve(List<PolicyLayer> nearestFirst) {
        return new Resolution(nearestFirst).resolve();
    }

    /**
     * The policy of a block inside another one: nothing passes that one of both would refuse. Modes are the stricter
     * ones, block lists and protected paths add up, and under an outer {@code block} only what both allow is allowed,
     * by the outer one's name servers.
     */
    public EffectivePolicy within(EffectivePolicy outer) {
        return new Nesting(this, outer).policy();
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

    /** Who may connect to the block's listeners. */
    public InboundPolicy inbound() {
        return settings.inbound();
    }

    /** Whether the names that clients present are judged in {@code block}. */
    public SniPolicy sni() {
        return settings.sni();
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
        return byId.get(id);
    }

    /** Whether there is an allow rule. */
    public boolean hasAllowRules() {
        return hasAllowRules;
    }

    /**
     * Whether somebody wrote down what is expected, so that the rest is not. What people accepted in a baseline is no
     * such list: the rest of the baseline was learned, and is as usual without a rule.
     */
    public boolean hasAllowList() {
        return hasAllowList;
    }

    /** The name servers; empty means those of the machine. */
    public List<DnsUpstream> dnsUpstreams() {
        return dnsUpstreams;
    }

    /** Globs, relative to the workspace, of files whose change is of interest. */
    public List<String> protectedGlobs() {
        return protectedGlobs;
    }

    /** Files and folders whose reads the credential policy concerns, beside the usual ones. */
    public List<String> credentialPaths() {
        return credentialPaths;
    }

    /** Local sockets that the block may use though a process outside listens there. */
    public List<String> allowedSockets() {
        return allowedSockets;
    }

    /** Linux capabilities that a build as root keeps beside the harmless ones. */
    public List<String> keptCapabilities() {
        return keptCapabilities;
    }

    /** Changes of sources that are meant. */
    public List<ExpectedChange> expectedChanges() {
        return expectedChanges;
    }

    /** Who decided each setting, and which allow rules do not hold or not as they were written. */
    public List<TraceEntry> trace() {
        return trace;
    }

    /** The allow rules that exceed a ceiling. */
    public List<CutRule> cuts() {
        return cuts;
    }

    /**
     * Judges one destination in the order of docs/policy-file.md, as the helper does at run time. A target that has a
     * name only is judged by its name: which address an answer will give is not known here.
     */
    public Decision decide(Target target) {
        Rule blocked = first(block, target, true, true);
        if (blocked != null) {
            String why = blocked.reason().isEmpty() ? "" : " (" + blocked.reason() + ")";
            return new Decision(Verdict.BLOCKED, blocked.id(), blocked,
                    "the block rule '" + blocked.endpoint() + "' of " + blocked.origin().label() + " matches" + why);
        }
        Rule byAddress = first(allow, target, true, false);
        if (byAddress != null) {
            return allowed(byAddress);
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
        Rule byName = first(allow, target, false, true);
        if (byName != null) {
            return allowed(byName);
        }
        CutRule cut = cutFor(target.endpoint());
        if (cut != null) {
            return refused("default", "no allow rule matches: the rule '" + cut.endpoint() + "' of " + cut.origin().label()
                    + " does, but goes beyond the " + cut.ceiling().label());
        }
        String own = loopback ? " and no process of the block is known to listen there (loopback: own)" : "";
        return refused("default", (hasAllowRules() ? "no allow rule matches" : "there are no allow rules") + own);
    }

    /** The allow rule that would match the endpoint if no ceiling had cut it; null if there is none. */
    public CutRule cutFor(Endpoint endpoint) {
        return endpoint == null ? null
                : cuts.stream().filter(cut -> cut.endpoint().covers(endpoint)).findFirst().orElse(null);
    }

    private static final Set<String> LOCAL = Set.of("localhost", "ip6-localhost", "ip6-loopback");

    private static Decision allowed(Rule rule) {
        return new Decision(Verdict.ALLOWED, rule.id(), rule,
                "the allow rule '" + rule.endpoint() + "' of " + rule.origin().label() + " matches");
    }

    /** The first rule, in the order of the policy, that matches the target by its address or its name. */
    private Rule first(EndpointIndex<Integer> index, Target target, boolean byAddress, boolean byName) {
        List<Integer> found = new ArrayList<>();
        if (byAddress && target.address() != null) {
            index.ofAddress(target.address(), found::add);
        }
        if (byName && target.name() != null) {
            index.ofName(target.name(), found::add);
        }
        return found.stream().sorted().map(rules::get).filter(rule -> matchesTransport(rule, target)).findFirst().orElse(null);
    }

    private Decision refused(String ruleId, String reason) {
        boolean block = egressPolicy() == EgressPolicy.BLOCK;
        return new Decision(block ? Verdict.BLOCKED : Verdict.WOULD_BLOCK, ruleId, null, reason);
    }

    private static boolean matchesTransport(Rule rule, Target target) {
        return rule.endpoint().protocol() == target.protocol()
                && rule.endpoint().ports().contains(target.port());
    }
}

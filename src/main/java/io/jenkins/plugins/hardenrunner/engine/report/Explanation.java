package io.jenkins.plugins.hardenrunner.engine.report;

import io.jenkins.plugins.hardenrunner.engine.policy.CutRule;
import io.jenkins.plugins.hardenrunner.engine.policy.Decision;
import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.EndpointSyntaxException;
import io.jenkins.plugins.hardenrunner.engine.policy.ExfilCapable;
import io.jenkins.plugins.hardenrunner.engine.policy.IpAddress;
import io.jenkins.plugins.hardenrunner.engine.policy.Origin;
import io.jenkins.plugins.hardenrunner.engine.policy.Protocol;
import io.jenkins.plugins.hardenrunner.engine.policy.Rule;
import io.jenkins.plugins.hardenrunner.engine.policy.Target;
import io.jenkins.plugins.hardenrunner.engine.policy.Text;
import io.jenkins.plugins.hardenrunner.engine.policy.TraceEntry;

/**
 * The one formatter for verdicts, used by log, report, API and command line.
 *
 * @param what what happened to which destination
 * @param why which rule of which origin decided
 * @param remedy the exact configuration that would allow it, where the block was configured: a line of the Jenkinsfile,
 *     or an option of the command line; empty if it was allowed
 * @param risk what speaks against allowing it; empty if nothing is known
 */
public record Explanation(String what, String why, String remedy, String risk) {

    /** Where a policy is written, and so what a remedy has to look like. */
    public enum Context {
        /** A Jenkinsfile or the configuration of Jenkins. */
        JENKINS,
        /** The options of the command line; a project that uses it may have a Jenkinsfile as well. */
        COMMAND_LINE
    }

    /** Explains a row of the report. */
    public static Explanation of(EffectivePolicy policy, Report.Endpoint row, Context context) {
        String endpoint = endpoint(row);
        boolean refused = row.verdict.equals("blocked");
        boolean query = row.protocol.equals("dns");
        String subject = query ? "DNS query for " + Text.shown(row.name) : Text.shown(endpoint);
        String what = switch (row.verdict) {
            case "blocked" -> subject + " was refused";
            case "would-block" -> subject + " was let through because the egress policy is audit; block would refuse it";
            default -> subject + " was allowed";
        };
        Rule rule = policy.rule(row.rule);
        CutRule cut = rule == null && row.rule.equals("default") ? policy.cutFor(parsed(endpoint)) : null;
        String remedy = row.verdict.equals("allowed") ? "" : remedy(endpoint, rule, cut, query, context);
        return new Explanation(what, why(policy, row.rule, rule, cut, refused), remedy, risk(endpoint));
    }

    /** Explains what a policy says about a destination. */
    public static Explanation of(EffectivePolicy policy, Target target, Decision decision, Context context) {
        String what = target + (decision.allowed() ? " is allowed" : " is refused");
        CutRule cut = decision.rule() == null && decision.ruleId().equals("default") ? policy.cutFor(target.endpoint()) : null;
        String remedy = decision.allowed() ? "" : remedy(target.toString(), decision.rule(), cut, false, context);
        return new Explanation(what, decision.reason(), remedy, risk(target.toString()));
    }

    /** The reason with the risk, as sentences. */
    public String whyAndRisk() {
        return risk.isEmpty() ? why : why + ". Risk: " + risk;
    }

    /** What is known against an endpoint in the grammar of policies; empty if nothing is. */
    public static String risk(String endpoint) {
        io.jenkins.plugins.hardenrunner.engine.policy.Endpoint parsed = parsed(endpoint);
        ExfilCapable.Mark mark = parsed == null ? null : ExfilCapable.of(parsed);
        return mark == null ? "" : mark.toString();
    }

    /** The endpoint; null if a hostile name or a local socket makes it none. */
    private static io.jenkins.plugins.hardenrunner.engine.policy.Endpoint parsed(String endpoint) {
        try {
            return io.jenkins.plugins.hardenrunner.engine.policy.Endpoint.parse(endpoint);
        } catch (EndpointSyntaxException e) {
            return null;
        }
    }

    private static String why(EffectivePolicy policy, String id, Rule rule, CutRule cut, boolean refused) {
        if (rule != null) {
            String reason = rule.reason().isEmpty() ? "" : ", reason: " + rule.reason();
            return "decided by " + rule.action().token() + " rule " + id + " '" + rule.endpoint() + "' of "
                    + rule.origin().label() + reason;
        }
        String beyond = cut == null ? ""
                : "; the rule '" + cut.endpoint() + "' of " + cut.origin().label() + " goes beyond the " + cut.ceiling().label();
        String origin = policy.trace().stream()
                .filter(entry -> entry.setting().equals("egressPolicy"))
                .findFirst()
                .map(entry -> "egress policy '" + entry.value() + "' of " + entry.origin().label() + overruled(entry))
                .orElse("egress policy");
        return switch (id) {
            case "default" -> (policy.hasAllowRules() ? "no allow rule matches" : "there are no allow rules") + beyond + "; " + origin;
            case "metadata" -> "link-local, multicast and cloud metadata addresses are refused unless a rule has the address; "
                    + origin;
            case "dns-budget" -> "more different names, or more information in long labels, were asked below one wildcard rule "
                    + "than an honest build needs; whoever runs the domain's name server reads them; " + origin;
            case "sni" -> "the connection went to an allowed name's address, but the client asked there for a name (TLS SNI or "
                    + "HTTP Host) that no allow rule has, or for none; " + origin;
            case "loopback" -> "loopback addresses are free (loopback: allow)";
            case "own-listener" -> "a process of the same block listens on this port";
            case "inbound" -> "a process of the block listens; only loopback addresses of the machine reach it (inbound: loopback)";
            case "unix" -> "a supervised process listens on this local socket";
            case "unix-nscd", "unix-resolved" -> "name service caches resolve names unseen, so they appear absent and programs "
                    + "ask the name servers themselves";
            case "unix-log", "unix-users" -> "local sockets for logs and for names of users are free";
            case "unix-outside" -> "a process outside of the block listens on this local socket, and what it does for the block "
                    + "is not supervised; such sockets are " + (refused ? "refused" : "recorded") + " unless the policy allows them";
            case "unix-docker", "unix-containerd", "unix-crio", "unix-podman", "unix-buildkit", "unix-systemd", "unix-dbus",
                    "unix-snapd", "unix-libvirt", "unix-lxd" -> "this local socket hands out control over the machine or over "
                    + "containers outside of the block; it is " + (refused ? "refused" : "recorded")
                    + " unless the policy allows it";
            case "self-protection" -> "the supervisor protects itself and the agent";
            case "kernel" -> "the kernel refused it";
            default -> "rule '" + Text.shown(id) + "'; " + origin;
        };
    }

    private static String overruled(TraceEntry entry) {
        return entry.overruled().isEmpty() ? "" : ", which overrules '" + entry.overruled().get(0).value() + "' of "
                + entry.overruled().get(0).origin().label();
    }

    private static String remedy(String endpoint, Rule rule, CutRule cut, boolean query, Context context) {
        if (endpoint.startsWith("unix:")) {
            return "No endpoint rule can allow a local socket. If it is meant, add it to allowedSockets of a policy: "
                    + Text.shown(endpoint.substring("unix:".length()), 300) + ".";
        }
        if (rule != null && rule.action() == Rule.Action.BLOCK) {
            String list = rule.origin().kind() == Origin.Kind.FEED ? "" : "the block list of ";
            return "Remove '" + rule.endpoint() + "' from " + list + rule.origin().label() + "; an allow rule cannot overrule it.";
        }
        if (cut != null) {
            return "If it is meant, it must be added to the " + cut.ceiling().label() + ": '" + Text.shown(endpoint, 300) + "'.";
        }
        return "If it is meant, add it: " + allowLine(endpoint, context) + (query ? " (with the port that is meant)." : ".");
    }

    /** The configuration that allows an endpoint. */
    static String allowLine(String endpoint, Context context) {
        String shown = Text.shown(endpoint, 300);
        return context == Context.JENKINS
                ? "hardenRunner(allowedEndpoints: ['" + shown + "']) in the Jenkinsfile"
                : "allowedEndpoints: ['" + shown + "'] or --allow '" + shown + "'";
    }

    /** The row in the endpoint grammar: by its name if it has one, for a query with port 443. */
    public static String endpoint(Report.Endpoint row) {
        if (row.protocol.equals("unix")) {
            return "unix:" + row.address;
        }
        if (row.protocol.equals("dns")) {
            return row.name + ":443";
        }
        Protocol protocol = row.protocol.equals("udp") ? Protocol.UDP : Protocol.TCP;
        String scheme = protocol == Protocol.UDP ? "udp://" : "";
        // Of a loopback address that is free anyway the name in the hosts file says less than the address, and a
        // metadata address is opened by a rule with the address only.
        boolean byAddress = row.rule.equals("loopback") || row.rule.equals("own-listener") || row.rule.equals("metadata");
        if (row.name != null && !row.name.isEmpty() && !byAddress) {
            return scheme + row.name + ":" + row.port;
        }
        IpAddress address = IpAddress.parse(row.address);
        if (address == null || row.port == 0) {
            return scheme + row.address + ":" + row.port;
        }
        return io.jenkins.plugins.hardenrunner.engine.policy.Endpoint.ofAddress(protocol, address, row.port).toString();
    }
}

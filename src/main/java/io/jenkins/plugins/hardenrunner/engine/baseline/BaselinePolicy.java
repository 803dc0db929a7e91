package io.jenkins.plugins.hardenrunner.engine.baseline;

import io.jenkins.plugins.hardenrunner.engine.policy.AllowedEndpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.BlockedEndpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.Endpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.Protocol;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What a reviewed baseline contributes to the policy of its block. */
public final class BaselinePolicy {
    private BaselinePolicy() {}

    /**
     * The endpoints that a person stands for, as rules. What was merely learned is none of them, nor what no rule can
     * name, such as a name that was only asked for.
     */
    public static List<AllowedEndpoint> allowed(BlockBaseline baseline, Instant now) {
        List<AllowedEndpoint> allowed = new ArrayList<>();
        for (BaselineEntry entry : baseline.entries()) {
            if (entry.accepted() != null && entry.accepted().holds(now) && entry.subject().path() == null
                    && !entry.subject().protocol().equals("dns")) {
                Endpoint endpoint = endpoint(entry.subject());
                if (endpoint != null) {
                    allowed.add(new AllowedEndpoint(endpoint, reason(entry.accepted())));
                }
            }
        }
        return allowed;
    }

    private static String reason(Acceptance accepted) {
        return "accepted by " + accepted.by() + " on " + accepted.time().substring(0, 10)
                + (accepted.comment() == null ? "" : ": " + accepted.comment());
    }

    /** The job's block list. */
    public static List<BlockedEndpoint> blocked(BlockBaseline baseline) {
        return baseline.unwanted().stream().flatMap(entry -> entry.blocked().stream()).toList();
    }

    /** The endpoints that wait for a review, as far as a rule can name them. */
    public static List<Endpoint> waiting(BlockBaseline baseline) {
        return baseline.deviations().stream()
                .map(Deviation::subject)
                .filter(subject -> subject.kind() == Subject.Kind.ENDPOINT && !subject.protocol().equals("dns"))
                .map(BaselinePolicy::endpoint)
                .filter(Objects::nonNull)
                .toList();
    }

    private static Endpoint endpoint(Subject subject) {
        String host = subject.host().indexOf(':') >= 0 ? "[" + subject.host() + "]" : subject.host();
        try {
            return Endpoint.parse(Protocol.parse(subject.protocol()).token() + "://" + host + ":" + subject.port());
        } catch (PolicyException e) {
            return null;
        }
    }
}

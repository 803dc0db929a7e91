package io.jenkins.plugins.hardenrunner.engine.baseline;

import io.jenkins.plugins.hardenrunner.engine.policy.Endpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;

/** An endpoint of the policy grammar that a person accepts in place of a single name. */
final class AcceptedPattern {
    private AcceptedPattern() {}

    /**
     * The subject for it.
     *
     * @throws PolicyException if it is none, has more than one port, or does not cover what is accepted
     */
    static Subject of(String text, Subject accepted) {
        Endpoint endpoint = Endpoint.parse(text.trim());
        int port = accepted.port() == null ? -1 : accepted.port();
        Subject target = accepted.target();
        if (target.path() != null || "dns".equals(target.protocol())) {
            throw new PolicyException("pattern: it stands for an endpoint of protocol tcp or udp, not for " + accepted.label());
        }
        if (!endpoint.protocol().token().equals(target.protocol()) || !endpoint.ports().toString().equals(Integer.toString(port))) {
            throw new PolicyException("pattern: " + endpoint + " has not the protocol and the port of " + accepted.label()
                    + "; try " + target.protocol() + "://" + endpoint.host() + ":" + port);
        }
        if (!endpoint.matchesName(target.host())) {
            throw new PolicyException("pattern: " + endpoint + " does not match " + accepted.label());
        }
        return Subject.endpoint(target.protocol(), endpoint.host(), port);
    }
}

package io.jenkins.plugins.hardenrunner.node;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.config.PolicyForms;
import io.jenkins.plugins.hardenrunner.engine.policy.EgressPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;

/** What the agents' own setting and the one for all agents have in common. */
final class AgentPolicy {
    static final String OFF = "off";

    private AgentPolicy() {}

    /** {@code off}, {@code audit} or {@code block}; throws PolicyException for anything else. */
    @NonNull
    static String token(@NonNull String text) {
        String token = PolicyForms.token(text);
        return token == null || token.equals(OFF) ? OFF : EgressPolicy.parse(token).token();
    }

    @NonNull
    static ListBoxModel items() {
        ListBoxModel items = new ListBoxModel();
        items.add(Messages.AgentPolicy_off(), OFF);
        items.addAll(PolicyForms.required(EgressPolicy.values()));
        return items;
    }

    @NonNull
    static FormValidation checkPaths(@NonNull String text) {
        try {
            JobPaths.parse(text);
            return FormValidation.ok();
        } catch (PolicyException e) {
            return FormValidation.error(e.getMessage());
        }
    }
}

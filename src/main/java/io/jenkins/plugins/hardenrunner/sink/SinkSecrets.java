package io.jenkins.plugins.hardenrunner.sink;

import com.cloudbees.plugins.credentials.CredentialsProvider;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.security.ACL;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.config.PolicyForms;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import java.util.List;
import java.util.Map;
import jenkins.model.Jenkins;
import org.jenkinsci.plugins.plaincredentials.StringCredentials;

/** Secrets of sinks are credentials of the kind "Secret text"; the configuration has their ids only. */
final class SinkSecrets {
    private SinkSecrets() {}

    private static List<StringCredentials> all() {
        return CredentialsProvider.lookupCredentialsInItemGroup(StringCredentials.class, Jenkins.get(), ACL.SYSTEM2);
    }

    @CheckForNull
    private static StringCredentials find(String id) {
        return all().stream().filter(credentials -> credentials.getId().equals(id)).findFirst().orElse(null);
    }

    /** The secret; null if none is wanted. @throws PolicyException if there are no such credentials */
    @CheckForNull
    static String text(@CheckForNull String id) {
        if (PolicyForms.blankToNull(id) == null) {
            return null;
        }
        StringCredentials credentials = find(id);
        if (credentials == null) {
            throw new PolicyException(Messages.Sink_noSuchSecret(id));
        }
        return credentials.getSecret().getPlainText();
    }

    /** The header that says who we are. @param header null for {@code Authorization: Bearer} */
    @NonNull
    static Map<String, String> authorization(@CheckForNull String header, @CheckForNull String id) {
        String secret = text(id);
        if (secret == null) {
            return Map.of();
        }
        if (!secret.chars().allMatch(c -> c == ' ' || c > ' ' && c < 127)) {
            // It would end the header; the HTTP client's complaint quotes the value.
            throw new PolicyException(Messages.Sink_secretNoHeader(id));
        }
        return header == null ? Map.of("Authorization", "Bearer " + secret) : Map.of(header, secret);
    }

    /** What can be chosen. */
    @NonNull
    static ListBoxModel items(@CheckForNull String current) {
        ListBoxModel items = new ListBoxModel();
        items.add(Messages.Sink_noSecret(), "");
        if (!Jenkins.get().hasPermission(Jenkins.ADMINISTER)) {
            // Not even the ids of others.
            if (PolicyForms.blankToNull(current) != null) {
                items.add(current, current);
            }
            return items;
        }
        for (StringCredentials credentials : all()) {
            String description = PolicyForms.blankToNull(credentials.getDescription());
            items.add(description == null ? credentials.getId() : credentials.getId() + " (" + description + ")", credentials.getId());
        }
        if (PolicyForms.blankToNull(current) != null && find(current) == null) {
            // Without this saving the form would silently choose another one.
            items.add(current, current);
        }
        return items;
    }

    @NonNull
    static FormValidation check(@CheckForNull String id) {
        try {
            text(id);
            return FormValidation.ok();
        } catch (PolicyException e) {
            return FormValidation.error(e.getMessage());
        }
    }
}

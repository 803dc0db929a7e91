package io.jenkins.plugins.hardenrunner.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.Token;
import java.util.Locale;
import java.util.function.Consumer;

/** What the forms of step and configuration have in common. */
public final class PolicyForms {
    private PolicyForms() {}

    /** The text without the white space around it; null if nothing is left. */
    @CheckForNull
    public static String blankToNull(@CheckForNull String text) {
        return text == null || text.isBlank() ? null : text.trim();
    }

    /** A token as the documentation writes it, whether it is a known one or not. */
    @CheckForNull
    public static String token(@CheckForNull String text) {
        String token = blankToNull(text);
        return token == null ? null : token.toLowerCase(Locale.ROOT);
    }

    /** The values of a setting, and one that leaves it to the configuration. */
    @NonNull
    public static ListBoxModel optional(@NonNull Token[] values) {
        ListBoxModel items = new ListBoxModel();
        items.add(Messages.PolicyForms_asConfigured(), "");
        items.addAll(required(values));
        return items;
    }

    /** The values of a setting. */
    @NonNull
    public static ListBoxModel required(@NonNull Token[] values) {
        ListBoxModel items = new ListBoxModel();
        for (Token value : values) {
            items.add(value.token(), value.token());
        }
        return items;
    }

    /** Runs a parser over what a user typed; its complaint, with the place in it, becomes the form's. */
    @NonNull
    static FormValidation check(@CheckForNull String text, @NonNull Consumer<String> parser) {
        if (blankToNull(text) == null) {
            return FormValidation.ok();
        }
        try {
            parser.accept(text);
            return FormValidation.ok();
        } catch (PolicyException e) {
            return FormValidation.error(e.getMessage());
        }
    }
}

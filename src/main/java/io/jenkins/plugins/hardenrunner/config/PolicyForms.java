package io.jenkins.plugins.hardenrunner.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.collect.LayerSpec;
import io.jenkins.plugins.hardenrunner.engine.policy.EndpointLines;
import io.jenkins.plugins.hardenrunner.engine.policy.NamedPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.Origin;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.Token;
import java.nio.file.FileSystems;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * What the forms of step, folder and global configuration have in common. The checks only look at the text that somebody
 * typed and tell nothing that the text does not hold, so they need no permission.
 */
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

    /** The words of a text; none if there is no text. */
    @NonNull
    static List<String> words(@CheckForNull String text) {
        return text == null ? List.of() : Stream.of(text.trim().split("[\\s,]+")).filter(word -> !word.isEmpty()).toList();
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
    public static FormValidation check(@CheckForNull String text, @NonNull Consumer<String> parser) {
        return checked(text, parser, null);
    }

    /** As {@link #check}, for a field that must not be empty. */
    @NonNull
    public static FormValidation checked(@CheckForNull String text, @NonNull Consumer<String> parser, @CheckForNull String missing) {
        if (blankToNull(text) == null) {
            return missing == null ? FormValidation.ok() : FormValidation.error(missing);
        }
        try {
            parser.accept(text.trim());
            return FormValidation.ok();
        } catch (PolicyException e) {
            return FormValidation.error(e.getMessage());
        }
    }

    /** The text without the white space around it if the parser takes it; null for a blank one. */
    @CheckForNull
    static String parsed(@CheckForNull String text, @NonNull Consumer<String> parser) {
        String value = blankToNull(text);
        if (value != null) {
            parser.accept(value);
        }
        return value;
    }

    /** A number if it is in its range; null stays null. */
    @CheckForNull
    static Integer between(@NonNull String name, @CheckForNull Integer value, int least, int most) {
        if (value != null && (value < least || value > most)) {
            throw new PolicyException(name + " " + value + " is not between " + least + " and " + most);
        }
        return value;
    }

    /** A number in a form. */
    @NonNull
    public static FormValidation number(@CheckForNull String text, int least, int most) {
        return check(text, value -> {
            try {
                between("", Integer.valueOf(value), least, most);
            } catch (NumberFormatException e) {
                throw new PolicyException("'" + value + "' is not a number from " + least + " to " + most, e);
            }
        });
    }

    /** The name of a policy that is defined: unknown ones are only warned of, as the form may define them. */
    @NonNull
    static FormValidation known(@CheckForNull String text, @NonNull List<String> names) {
        FormValidation syntax = check(text, NamedPolicy::checkName);
        String name = blankToNull(text);
        return name == null || syntax.kind != FormValidation.Kind.OK || names.contains(name)
                ? syntax
                : FormValidation.warning(Messages.PolicyForms_unknownPolicy(name, String.join(", ", names)));
    }

    /** The complaint about a value behind the failure of a form's binding; null if that failed for another reason. */
    @CheckForNull
    public static PolicyException causeOf(@NonNull Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PolicyException wrong) {
                return wrong;
            }
        }
        return null;
    }

    /** An allow list. */
    @NonNull
    public static FormValidation allowed(@CheckForNull String text) {
        return check(text, EndpointLines::allowed);
    }

    /** A block list. */
    @NonNull
    public static FormValidation blocked(@CheckForNull String text) {
        return check(text, EndpointLines::blocked);
    }

    /** Name servers. */
    @NonNull
    public static FormValidation upstreams(@CheckForNull String text) {
        return layer(text, (layer, value) -> layer.dnsUpstream = value);
    }

    /** Names of policies. */
    @NonNull
    static FormValidation checkedNames(@CheckForNull String text) {
        return check(text, value -> words(value).forEach(NamedPolicy::checkName));
    }

    /** A setting of a layer, checked by the layer. */
    @NonNull
    static FormValidation layer(@CheckForNull String text, @NonNull BiConsumer<LayerSpec, String> setting) {
        return check(text, value -> {
            LayerSpec layer = new LayerSpec(Origin.STEP);
            setting.accept(layer, value);
            try {
                layer.toLayer();
            } catch (PolicyException e) {
                throw new PolicyException(e.getMessage().replaceFirst("^step: ", ""), e);
            }
        });
    }

    /** Globs, one a line. */
    @NonNull
    public static FormValidation globs(@CheckForNull String text) {
        return check(text, value -> value.lines().map(String::trim).forEach(glob -> {
            try {
                FileSystems.getDefault().getPathMatcher("glob:" + glob);
            } catch (PatternSyntaxException e) {
                throw new PolicyException("'" + glob + "', character " + (e.getIndex() + 1) + ": " + e.getDescription(), e);
            }
            if (glob.startsWith("/")) {
                throw new PolicyException("'" + glob + "' must be relative to the workspace");
            }
        }));
    }
}

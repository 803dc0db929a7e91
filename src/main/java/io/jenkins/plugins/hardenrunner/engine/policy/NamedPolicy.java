package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * A policy that steps, folders and other policies refer to by its name.
 *
 * @param description for people; may be empty
 * @param parents names of the policies that it extends: it adds its rules to theirs, and its modes go before theirs
 * @param content what it says itself
 */
public record NamedPolicy(String name, String description, List<String> parents, PolicyLayer content) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /** @throws PolicyException if a name has other characters than {@code A-Z a-z 0-9 . _ -} or is too long */
    public NamedPolicy {
        checkName(name);
        parents.forEach(NamedPolicy::checkName);
        parents = List.copyOf(parents);
        description = description == null ? "" : description.trim();
        Objects.requireNonNull(content, "content");
    }

    /**
     * Returns the text if it can be the name of a policy.
     *
     * @throws PolicyException if not
     */
    public static String checkName(String text) {
        if (text == null || !NAME.matcher(text).matches()) {
            throw new PolicyException("'" + Text.shown(text == null ? "" : text)
                    + "' is not a policy's name: 1 to 64 of A-Z a-z 0-9 . _ -, beginning with a letter or digit");
        }
        return text;
    }
}

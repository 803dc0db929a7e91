package io.jenkins.plugins.hardenrunner.engine.policy;

import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * By what secrets are known that nobody has declared as such. The helper reads it the
 * same way.
 *
 * @param variables names of environment variables, {@code *} for any characters; case does not count
 * @param patterns text that looks like a secret, in the grammar of {@link SecretPattern}
 * @param options options of commands, such as {@code --password}, whose value is secret
 */
public record Redaction(List<String> variables, List<String> patterns, List<String> options) implements Serializable {
    /** Values of variables that only their name makes suspicious are hidden from this length on: "true" is no secret. */
    public static final int GUESSED_MINIMUM = 8;

    /** How many entries each list may have. */
    public static final int MAX = 64;

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z0-9_*]{2,200}");
    private static final Pattern OPTION = Pattern.compile("[!-~]{2,200}");

    /** Nothing is hidden but what is known to be secret. */
    public static final Redaction NONE = new Redaction(List.of(), List.of(), List.of());

    /** Names that tools give to secrets, and the forms of widespread tokens. */
    public static final Redaction DEFAULT = new Redaction(
            List.of("*PASSWORD*", "*PASSWD*", "*PASSPHRASE*", "*SECRET*", "*TOKEN*", "*API_KEY*", "*ACCESS_KEY*", "*PRIVATE_KEY*"),
            List.of(
                    "gh[opsur]_[A-Za-z0-9]{36,}",
                    "github_pat_[A-Za-z0-9_]{22,}",
                    "glpat-[A-Za-z0-9_-]{20,}",
                    "npm_[A-Za-z0-9]{36,}",
                    "pypi-[A-Za-z0-9_-]{50,}",
                    "AKIA[A-Z0-9]{16}",
                    "AIza[A-Za-z0-9_-]{35}",
                    "xox[abeoprs]-[A-Za-z0-9-]{10,}",
                    "sk_live_[A-Za-z0-9]{16,}",
                    "dckr_pat_[A-Za-z0-9_-]{20,}",
                    "eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]*",
                    "[Bb]earer [A-Za-z0-9._~+/=-]{8,}",
                    "[Aa]uthorization: [A-Za-z]+ [A-Za-z0-9._~+/=-]{4,}",
                    "://[^/@: ]*:[^/@ ]+@"),
            List.of("--password", "--passwd", "--passphrase", "--token", "--secret", "--api-key", "--auth-token", "--access-token"));

    /** @throws PolicyException naming the entry that is wrong, and why */
    public Redaction {
        variables = checked("name of a variable", variables, name -> require(VARIABLE.matcher(name).matches() && !name.matches("\\*+"),
                "letters, digits, '_' and '*' are expected, and not '*' alone"));
        patterns = checked("pattern", patterns, SecretPattern::parse);
        options = checked("option", options, option -> require(OPTION.matcher(option).matches(), "2 to 200 visible characters are expected"));
    }

    private static List<String> checked(String what, List<String> list, Consumer<String> check) {
        if (list.size() > MAX) {
            throw new PolicyException("redaction: at most " + MAX + " entries of the kind '" + what + "' are possible, not " + list.size());
        }
        for (String entry : list) {
            try {
                check.accept(entry);
            } catch (PolicyException e) {
                throw new PolicyException("redaction: " + what + " '" + Text.shown(entry) + "': " + e.getMessage(), e);
            }
        }
        return List.copyOf(list);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new PolicyException(otherwise);
        }
    }

    /** Whether the value of an environment variable is to be hidden because of its name. */
    public boolean hides(String variable, String value) {
        return value.length() >= GUESSED_MINIMUM && variables.stream().anyMatch(pattern -> matches(pattern, variable));
    }

    /** What text to hide, patterns and options, as Java's: group 1 may be shown. */
    public List<Pattern> compiled() {
        return Stream.concat(
                        patterns.stream().map(SecretPattern::parse),
                        options.stream().map(option -> Pattern.compile("(" + Pattern.quote(option) + "[ =])[^ \n]++")))
                .toList();
    }

    private static boolean matches(String pattern, String name) {
        String text = name.toUpperCase(Locale.ROOT);
        String[] parts = pattern.toUpperCase(Locale.ROOT).split("\\*", -1);
        if (parts.length == 1) {
            return text.equals(parts[0]);
        }
        String last = parts[parts.length - 1];
        if (!text.startsWith(parts[0])) {
            return false;
        }
        int at = parts[0].length();
        for (int i = 1; i < parts.length - 1; i++) {
            int found = text.indexOf(parts[i], at);
            if (found < 0) {
                return false;
            }
            at = found + parts[i].length();
        }
        return text.length() - last.length() >= at && text.endsWith(last);
    }
}

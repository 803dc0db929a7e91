package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Names of enum constants as users write them. */
final class Tokens {
    private Tokens() {}

    static String token(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static <E extends Enum<E>> E parse(Class<E> type, String what, String text) {
        String wanted = text == null ? "" : text.trim();
        for (E value : type.getEnumConstants()) {
            if (token(value).equals(wanted.toLowerCase(Locale.ROOT))) {
                return value;
            }
        }
        String allowed = Arrays.stream(type.getEnumConstants()).map(Tokens::token).collect(Collectors.joining(", "));
        String nearest = Arrays.stream(type.getEnumConstants())
                .map(Tokens::token)
                .filter(token -> distance(token, wanted.toLowerCase(Locale.ROOT)) <= 2)
                .findFirst()
                .map(token -> "; did you mean '" + token + "'?")
                .orElse("");
        throw new PolicyException(
                "'" + Text.shown(wanted) + "' is not a known " + what + ", allowed are " + allowed + nearest);
    }

    /** The Levenshtein distance, with lengths that differ too much cut short. */
    static int distance(String a, String b) {
        if (Math.abs(a.length() - b.length()) > 8) {
            return Integer.MAX_VALUE;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}

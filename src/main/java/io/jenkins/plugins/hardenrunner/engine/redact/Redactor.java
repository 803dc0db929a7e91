package io.jenkins.plugins.hardenrunner.engine.redact;

import io.jenkins.plugins.hardenrunner.engine.policy.Redaction;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Hides secrets in text that does not come from the helper, which hides them in its events by the same rules
 * (docs/policy-file.md, native-helper/src/secret.c).
 */
public final class Redactor {
    private static final String HIDDEN = "****";
    private static final int VALUE_MINIMUM = 3;
    /** Encoded forms shorter than this are found in ordinary text. */
    private static final int ENCODED_MINIMUM = 6;
    private static final String BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /** Longest first: a secret that contains another must not leave its rest behind. */
    private final List<String> forms;
    private final List<Pattern> patterns;

    /** @param values what is known to be secret */
    public Redactor(Collection<String> values, Redaction redaction) {
        Set<String> all = new LinkedHashSet<>();
        for (String value : values) {
            if (value.length() < VALUE_MINIMUM) {
                continue;
            }
            forms(value, all);
            if (value.indexOf('\n') >= 0) {
                value.lines().filter(line -> line.length() >= Redaction.GUESSED_MINIMUM).forEach(line -> forms(line, all));
            }
        }
        forms = all.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
        patterns = redaction.compiled();
    }

    private static void forms(String value, Set<String> all) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        all.add(value);
        all.add(HexFormat.of().formatHex(bytes));
        all.add(HexFormat.of().withUpperCase().formatHex(bytes));
        for (String alphabet : List.of(BASE64 + "+/", BASE64 + "-_")) {
            for (int before = 0; before < 3; before++) {
                String form = base64(bytes, before, alphabet);
                if (form.length() >= ENCODED_MINIMUM) {
                    all.add(form);
                }
            }
        }
    }

    /** The characters of base64 that depend on nothing but the value, with so many bytes of something else before it. */
    private static String base64(byte[] value, int before, String alphabet) {
        int first = (before * 8 + 5) / 6;
        int last = (before + value.length) * 8 / 6;
        StringBuilder out = new StringBuilder();
        for (int i = first; i < last; i++) {
            int sextet = 0;
            for (int bit = i * 6; bit < i * 6 + 6; bit++) {
                sextet = sextet << 1 | value[bit / 8 - before] >> (7 - bit % 8) & 1;
            }
            out.append(alphabet.charAt(sextet));
        }
        return out.toString();
    }

    /** The text without secrets; null stays null. */
    public String apply(String text) {
        if (text == null) {
            return null;
        }
        StringBuilder out = new StringBuilder(text.length());
        for (int at = 0; at < text.length(); ) {
            int length = formAt(text, at);
            if (length > 0) {
                out.append(HIDDEN);
                at += length;
            } else {
                out.append(text.charAt(at++));
            }
        }
        String plain = out.toString();
        for (Pattern pattern : patterns) {
            plain = pattern.matcher(plain).replaceAll(match -> Matcher.quoteReplacement(match.group(1) + HIDDEN));
        }
        return plain;
    }

    private int formAt(String text, int at) {
        for (String form : forms) {
            if (text.startsWith(form, at)) {
                return form.length();
            }
            int length = notationAt(form, text, at);
            if (length > 0) {
                return length;
            }
        }
        return 0;
    }

    /** How much of the text is the form, in whatever mix of URL, JSON, C and shell notation; 0 if it is not. */
    private static int notationAt(String form, String text, int from) {
        int at = from;
        for (int i = 0; i < form.length() && at < text.length(); ) {
            int point = form.codePointAt(i);
            int length = Notation.length(text, at, point);
            if (length == 0) {
                return 0;
            }
            at += length;
            i += Character.charCount(point);
            if (i == form.length()) {
                return at - from;
            }
        }
        return 0;
    }
}

package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.regex.Pattern;

/**
 * A pattern of text that looks like a secret: characters, classes and {@code .}, each with a quantifier that takes what it
 * can and gives nothing back. The grammar is that of docs/policy-file.md, which is all that the helper can read.
 */
final class SecretPattern {
    private static final int MAX_PARTS = 64;
    private static final int MAX_COUNT = 10_000;
    private static final int MAX_CHOICE = 8;
    private static final int LEAST = 6;

    private final String text;
    private final StringBuilder shown = new StringBuilder();
    private final StringBuilder hidden = new StringBuilder();
    private int at;
    private int leading;
    private int least;

    private SecretPattern(String text) {
        this.text = text;
    }

    /**
     * The pattern as Java's: group 1 is what may be shown.
     *
     * @throws PolicyException naming the character that is wrong
     */
    static Pattern parse(String text) {
        return new SecretPattern(text).parse();
    }

    private Pattern parse() {
        int parts = 0;
        while (at < text.length()) {
            if (++parts > MAX_PARTS) {
                throw wrong("more than " + MAX_PARTS + " parts");
            }
            part();
        }
        if (leading < 3) {
            throw wrong("it must begin with three characters, or choices between at most " + MAX_CHOICE);
        }
        if (hidden.isEmpty()) {
            throw wrong("nothing follows that could be hidden");
        }
        if (least < LEAST) {
            throw wrong("it matches fewer than " + LEAST + " characters");
        }
        return Pattern.compile("(" + shown + ")(?:" + hidden + ")", Pattern.DOTALL);
    }

    private void part() {
        char c = text.charAt(at);
        if ("()|^$*+?{".indexOf(c) >= 0) {
            throw wrong("this character needs a backslash before it");
        }
        at++;
        String set;
        int size;
        if (c == '.') {
            set = ".";
            size = Integer.MAX_VALUE;
        } else if (c == '[') {
            StringBuilder members = new StringBuilder();
            size = set(members);
            set = members.toString();
        } else {
            set = Pattern.quote(String.valueOf(c == '\\' ? escaped() : c));
            size = 1;
        }
        quantifier(set, size);
    }

    private char escaped() {
        if (at == text.length()) {
            throw wrong("a backslash at the end");
        }
        return text.charAt(at++);
    }

    private char member() {
        if (at == text.length()) {
            throw wrong("'[' without ']'");
        }
        char c = text.charAt(at++);
        return c == '\\' ? escaped() : c;
    }

    /** The rest of a class as Java's; returns how many characters it has. */
    private int set(StringBuilder out) {
        boolean inverted = at < text.length() && text.charAt(at) == '^';
        at += inverted ? 1 : 0;
        out.append(inverted ? "[^" : "[");
        int size = 0;
        for (int begin = at; at == text.length() || text.charAt(at) != ']' || at == begin; ) {
            char from = member();
            char to = from;
            if (at + 1 < text.length() && text.charAt(at) == '-' && text.charAt(at + 1) != ']') {
                at++;
                to = member();
            }
            if (to < from) {
                throw wrong("the range is upside down");
            }
            out.append(String.format("\\u%04x-\\u%04x", (int) from, (int) to));
            size += to - from + 1;
        }
        at++;
        out.append(']');
        return inverted ? Integer.MAX_VALUE : size;
    }

    private void quantifier(String set, int size) {
        int fewest = 1;
        int most = 1;
        char c = at < text.length() ? text.charAt(at) : ' ';
        if (c == '?' || c == '*' || c == '+') {
            at++;
            fewest = c == '+' ? 1 : 0;
            most = c == '?' ? 1 : Integer.MAX_VALUE;
        } else if (c == '{') {
            at++;
            fewest = most = number();
            if (at < text.length() && text.charAt(at) == ',') {
                at++;
                most = at < text.length() && text.charAt(at) == '}' ? Integer.MAX_VALUE : number();
            }
            if (at == text.length() || text.charAt(at) != '}') {
                throw wrong("'{' without '}'");
            }
            at++;
            if (most < fewest || most == 0) {
                throw wrong("the most is less than the least");
            }
        }
        boolean plain = hidden.isEmpty() && fewest == 1 && most == 1 && size <= MAX_CHOICE;
        leading += plain ? 1 : 0;
        least = Math.min(MAX_COUNT, least + fewest);
        (plain ? shown : hidden).append(set)
                .append(plain ? "" : "{" + fewest + "," + (most == Integer.MAX_VALUE ? "" : String.valueOf(most)) + "}+");
    }

    private int number() {
        int begin = at;
        while (at < text.length() && at - begin < 5 && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        int value = at == begin ? -1 : Integer.parseInt(text.substring(begin, at));
        if (value < 0 || value > MAX_COUNT) {
            throw wrong("a number from 0 to " + MAX_COUNT + " is expected");
        }
        return value;
    }

    private PolicyException wrong(String why) {
        return new PolicyException("character " + (at + 1) + ": " + why);
    }
}

package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern for paths with {@code /}, the same on every platform: {@code *} and {@code ?} stay in one name, {@code **}
 * crosses folders, {@code [abc]}, {@code {a,b}}; a backslash takes the next character as it is.
 */
public final class Glob {
    private final String text;
    private final Pattern pattern;

    private Glob(String text, Pattern pattern) {
        this.text = text;
        this.pattern = pattern;
    }

    /**
     * Parses a pattern.
     *
     * @throws PolicyException if a bracket or brace is not closed, or nothing is there
     */
    public static Glob parse(String text) {
        if (text.isBlank() || text.indexOf('\0') >= 0) {
            throw new PolicyException("a path or glob is missing");
        }
        StringBuilder regex = new StringBuilder();
        boolean braces = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '*' -> {
                    if (!text.startsWith("**", i)) {
                        regex.append("[^/]*");
                    } else if (text.startsWith("**/", i) && (i == 0 || text.charAt(i - 1) == '/')) {
                        regex.append("(?:.*/)?");
                        i += 2;
                    } else {
                        regex.append(".*");
                        i++;
                    }
                }
                case '?' -> regex.append("[^/]");
                case '[' -> i = set(text, i, regex);
                case '{' -> {
                    if (braces || text.indexOf('}', i) < 0) {
                        throw new PolicyException("'" + Text.shown(text) + "', character " + (i + 1)
                                + (braces ? ": braces in braces are not known" : ": '}' is missing"));
                    }
                    braces = true;
                    regex.append("(?:");
                }
                case '}' -> {
                    regex.append(braces ? ")" : "\\}");
                    braces = false;
                }
                case ',' -> regex.append(braces ? "|" : ",");
                case '\\' -> {
                    if (i + 1 == text.length()) {
                        throw new PolicyException("'" + Text.shown(text) + "' ends in a backslash");
                    }
                    regex.append(Pattern.quote(text.substring(++i, i + 1)));
                }
                default -> regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return new Glob(text, Pattern.compile(regex.toString(), Pattern.DOTALL));
    }

    private static int set(String text, int from, StringBuilder regex) {
        int end = text.indexOf(']', from + 2);
        if (end < 0) {
            throw new PolicyException("'" + Text.shown(text) + "', character " + (from + 1) + ": ']' is missing");
        }
        String inner = text.substring(from + 1, end);
        boolean not = inner.startsWith("!") || inner.startsWith("^");
        String set = (not ? inner.substring(1) : inner).replaceAll("([\\\\\\[\\]&^])", "\\\\$1");
        try {
            Pattern.compile("[" + set + "]");
        } catch (PatternSyntaxException e) {
            throw new PolicyException("'" + Text.shown(text) + "', character " + (from + 1) + ": " + e.getDescription(), e);
        }
        regex.append("(?!/)[").append(not ? "^" : "").append(set).append(']');
        return end;
    }

    /** Whether the whole text matches. */
    public boolean matches(String path) {
        return pattern.matcher(path).matches();
    }

    @Override
    public String toString() {
        return text;
    }
}

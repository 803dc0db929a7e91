package io.jenkins.plugins.hardenrunner.engine.redact;

import java.nio.charset.StandardCharsets;

/** The ways in which one character is written in URLs, JSON, C and shells. */
final class Notation {
    private Notation() {}

    /** How many characters of the text, from a position on, stand for the character; 0 if they stand for another one. */
    static int length(String text, int at, int character) {
        int length = percent(text, at, character);
        if (length == 0 && text.charAt(at) == '\\') {
            length = backslash(text, at, character);
        }
        if (length == 0 && character == '\'') {
            length = text.startsWith("'\\''", at) ? 4 : text.startsWith("'\"'\"'", at) ? 5 : 0;
        }
        if (length == 0 && (text.codePointAt(at) == character || character == ' ' && text.charAt(at) == '+')) {
            length = Character.charCount(character);
        }
        return length;
    }

    private static int percent(String text, int at, int character) {
        if (text.charAt(at) != '%') {
            return 0;
        }
        byte[] bytes = Character.toString(character).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            int place = at + 3 * i;
            if (place >= text.length() || text.charAt(place) != '%' || hex(text, place + 1, 2) != (bytes[i] & 0xff)) {
                return 0;
            }
        }
        return 3 * bytes.length;
    }

    private static int backslash(String text, int at, int character) {
        int next = at + 1 < text.length() ? text.codePointAt(at + 1) : -1;
        int control = "ntrbf".indexOf(next);
        if (next == character) {
            return 1 + Character.charCount(character);
        }
        if (next > 0 && control >= 0 && "\n\t\r\b\f".charAt(control) == character) {
            return 2;
        }
        if (next == 'x' && hex(text, at + 2, 2) == character) {
            return 4;
        }
        char[] units = Character.toChars(character);
        for (int i = 0; i < units.length; i++) {
            if (!text.startsWith("\\u", at + 6 * i) || hex(text, at + 6 * i + 2, 4) != units[i]) {
                return 0;
            }
        }
        return 6 * units.length;
    }

    private static int hex(String text, int from, int digits) {
        int value = 0;
        for (int i = from; i < from + digits; i++) {
            int digit = i < text.length() ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value * 16 + digit;
        }
        return value;
    }
}

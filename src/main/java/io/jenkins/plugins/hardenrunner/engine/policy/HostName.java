package io.jenkins.plugins.hardenrunner.engine.policy;

import java.net.IDN;
import java.util.Locale;

/** DNS names as rules hold them: lower case, A-labels, no final dot. */
final class HostName {
    private HostName() {}

    /** A name that cannot be used: where in it, why, and what may have been meant. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        final int offset;
        final String suggestion;

        Malformed(int offset, String message, String suggestion) {
            super(message, null, false, false);
            this.offset = offset;
            this.suggestion = suggestion;
        }
    }

    static String canonical(String text) throws Malformed {
        if (text.isEmpty()) {
            throw new Malformed(0, "a host name is missing", null);
        }
        if (text.endsWith(".")) {
            throw new Malformed(text.length() - 1, "a name ends without a dot", text.replaceFirst("\\.+$", ""));
        }
        String ascii = ascii(text);
        if (ascii.length() > 253) {
            throw new Malformed(0, "a name has at most 253 characters, this one has " + ascii.length(), null);
        }
        int offset = 0;
        for (String label : ascii.split("\\.", -1)) {
            check(label, offset, ascii.equals(text.toLowerCase(Locale.ROOT)));
            offset += label.length() + 1;
        }
        String last = ascii.substring(ascii.lastIndexOf('.') + 1);
        if (last.matches("[0-9]+|0x[0-9a-f]*")) {
            throw new Malformed(0, "'" + Text.shown(text) + "' is neither a name nor an IPv4 address"
                    + " (four decimal numbers from 0 to 255, without leading zeros)", null);
        }
        return ascii;
    }

    private static void check(String label, int offset, boolean exact) throws Malformed {
        if (label.isEmpty()) {
            throw new Malformed(exact ? offset : 0, "a label is empty", null);
        }
        if (label.length() > 63) {
            throw new Malformed(exact ? offset : 0, "a label has at most 63 characters, this one has " + label.length(), null);
        }
        for (int i = 0; i < label.length(); i++) {
            char c = label.charAt(i);
            if (!(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' || c == '-')) {
                throw new Malformed(exact ? offset + i : 0,
                        "'" + Text.shown(String.valueOf(c)) + "' cannot stand in a host name", null);
            }
        }
        if (label.startsWith("-") || label.endsWith("-")) {
            throw new Malformed(exact ? offset : 0, "a label neither begins nor ends with '-'", null);
        }
    }

    private static String ascii(String text) throws Malformed {
        if (text.chars().allMatch(c -> c < 128)) {
            return text.toLowerCase(Locale.ROOT);
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // IDNA 2003 (which Java implements) and IDNA 2008 (which registries use) map these to different names: a
            // rule for one would be a rule for somebody else's domain in the other.
            if (c == 'ß' || c == 'ς' || c == '\u200c' || c == '\u200d') {
                throw new Malformed(i, "the standards for international names disagree about U+"
                        + String.format("%04X", (int) c) + "; write the name in its A-label form (xn--…)", null);
            }
        }
        try {
            return IDN.toASCII(text, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            throw new Malformed(0, "'" + Text.shown(text) + "' is not a valid international name", null);
        }
    }
}

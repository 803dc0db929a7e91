package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** A set of ports, 1 to 65535. */
public final class Ports {
    private static final int MAX = 65535;
    private static final Ports ALL = new Ports(every());

    private final BitSet set;

    private Ports(BitSet set) {
        this.set = set;
    }

    /** All ports. */
    public static Ports all() {
        return ALL;
    }

    private static BitSet every() {
        BitSet set = new BitSet(MAX + 1);
        set.set(1, MAX + 1);
        return set;
    }

    /** One port. */
    public static Ports of(int port) {
        BitSet set = new BitSet();
        set.set(port);
        return new Ports(set);
    }

    /** A list such as {@code 80,443}, {@code 8000-8100} or {@code *}. */
    static Ports parse(String text) throws Malformed {
        if (text.isEmpty()) {
            throw new Malformed(0, "a port must follow the colon", "443");
        }
        if (text.equals("*")) {
            return all();
        }
        BitSet set = new BitSet();
        int offset = 0;
        for (String item : text.split(",", -1)) {
            int dash = item.indexOf('-');
            int first = port(dash < 0 ? item : item.substring(0, dash), offset);
            int last = dash < 0 ? first : port(item.substring(dash + 1), offset + dash + 1);
            if (last < first) {
                throw new Malformed(offset, "the range " + item + " ends before it begins", last + "-" + first);
            }
            set.set(first, last + 1);
            offset += item.length() + 1;
        }
        return new Ports(set);
    }

    private static int port(String text, int offset) throws Malformed {
        if (text.isEmpty()) {
            throw new Malformed(offset, "a port is missing", null);
        }
        if (!text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            String hint = text.chars().anyMatch(c -> c == '.' || c == '/' || Character.isLetter(c))
                    ? " (entries are separated by white space, paths are not part of an endpoint)"
                    : "";
            throw new Malformed(offset, "'" + Text.shown(text, 30) + "' is not a port" + hint, null);
        }
        String digits = text.replaceFirst("^0+(?=.)", "");
        int port = digits.length() > 5 ? MAX + 1 : Integer.parseInt(digits);
        if (port < 1 || port > MAX) {
            throw new Malformed(offset, "port " + Text.shown(text, 12) + " is not between 1 and 65535", null);
        }
        if (digits.length() != text.length()) {
            throw new Malformed(offset, "a port has no leading zeros", digits);
        }
        return port;
    }

    /** Whether the port is in the set. */
    public boolean contains(int port) {
        return set.get(port);
    }

    /** The ports that are in both sets; may be none. */
    Ports and(Ports other) {
        BitSet both = (BitSet) set.clone();
        both.and(other.set);
        return new Ports(both);
    }

    /** Whether all ports of the other set are in this one. */
    boolean containsAll(Ports other) {
        BitSet rest = (BitSet) other.set.clone();
        rest.andNot(set);
        return rest.isEmpty();
    }

    /** How many ports are in the set. */
    public int size() {
        return set.cardinality();
    }

    /** The smallest port. */
    public int first() {
        return set.nextSetBit(0);
    }

    /** Ascending and without overlap: {@code 80,443,8000-8100}, or {@code *}. */
    @Override
    public String toString() {
        if (size() == MAX) {
            return "*";
        }
        List<String> items = new ArrayList<>();
        for (int from = set.nextSetBit(0); from >= 0; ) {
            int to = set.nextClearBit(from) - 1;
            items.add(from == to ? Integer.toString(from) : from + "-" + to);
            from = set.nextSetBit(to + 1);
        }
        return String.join(",", items);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ports ports && set.equals(ports.set);
    }

    @Override
    public int hashCode() {
        return set.hashCode();
    }

    /** An error at an offset into the port text, with the replacement for the whole port text if one is near. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        final int offset;
        final String replacement;

        Malformed(int offset, String message, String replacement) {
            super(message, null, false, false);
            this.offset = offset;
            this.replacement = replacement;
        }
    }
}

package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.Arrays;

/**
 * An IPv4 or IPv6 address read from its text, strictly and without ever asking a resolver.
 *
 * <p>Octal, hexadecimal and shortened IPv4 forms are no addresses here: programs disagree about what they mean.
 */
public final class IpAddress {
    private final byte[] bytes;

    private IpAddress(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The address, in brackets or not; null if the text is none. A zone ({@code %eth0}) makes it none. */
    public static IpAddress parse(String text) {
        String plain = text;
        if (text.length() > 1 && text.charAt(0) == '[' && text.charAt(text.length() - 1) == ']') {
            plain = text.substring(1, text.length() - 1);
        }
        byte[] bytes = plain.indexOf(':') >= 0 ? v6(plain) : v4(plain);
        return bytes == null ? null : new IpAddress(bytes);
    }

    static IpAddress of(byte[] bytes) {
        return new IpAddress(bytes.clone());
    }

    /**
     * The address as the rules see it: v4-mapped ({@code ::ffff:0:0/96}) and NAT64 ({@code 64:ff9b::/96}) addresses
     * reach an IPv4 host and count as its address. Without this, a rule for IPv4 could be walked around.
     */
    public IpAddress canonical() {
        int prefix = embeddedV4() ? 12 : 0;
        return prefix == 0 ? this : new IpAddress(Arrays.copyOfRange(bytes, prefix, 16));
    }

    boolean embeddedV4() {
        return bytes.length == 16 && (startsWith(V4_MAPPED) || startsWith(NAT64));
    }

    private static final byte[] V4_MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xff, (byte) 0xff};
    private static final byte[] NAT64 = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0};

    private boolean startsWith(byte[] prefix) {
        return Arrays.equals(prefix, 0, prefix.length, bytes, 0, prefix.length);
    }

    /** 127.0.0.0/8, ::1, and the unspecified addresses, which Linux connects to the loopback interface. */
    public boolean isLoopback() {
        IpAddress address = canonical();
        if (address.bytes.length == 4) {
            return address.bytes[0] == 127 || Arrays.equals(address.bytes, new byte[4]);
        }
        byte[] one = new byte[16];
        one[15] = 1;
        return Arrays.equals(address.bytes, one) || Arrays.equals(address.bytes, new byte[16]);
    }

    /** 4 or 16 bytes in network order. */
    byte[] bytes() {
        return bytes.clone();
    }

    int bits() {
        return bytes.length * 8;
    }

    private static byte[] v4(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 4) {
            return null;
        }
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
            String part = parts[i];
            if (part.isEmpty() || part.length() > 3 || !part.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return null;
            }
            int value = Integer.parseInt(part);
            if (value > 255 || part.length() > 1 && part.charAt(0) == '0') {
                return null;
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }

    private static byte[] v6(String text) {
        int gap = text.indexOf("::");
        if (gap < 0) {
            byte[] all = groups(text);
            return all != null && all.length == 16 ? all : null;
        }
        if (text.indexOf("::", gap + 1) >= 0) {
            return null;
        }
        byte[] head = gap == 0 ? new byte[0] : groups(text.substring(0, gap));
        byte[] tail = gap + 2 == text.length() ? new byte[0] : groups(text.substring(gap + 2));
        if (head == null || tail == null || head.length + tail.length > 14 || text.substring(0, gap).contains(".")) {
            return null;
        }
        byte[] bytes = Arrays.copyOf(head, 16);
        System.arraycopy(tail, 0, bytes, 16 - tail.length, tail.length);
        return bytes;
    }

    /** Colon-separated groups; the last may be an IPv4 address. */
    private static byte[] groups(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length > 8) {
            return null;
        }
        byte[] bytes = new byte[16];
        int length = 0;
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i];
            if (i == parts.length - 1 && part.indexOf('.') >= 0) {
                byte[] last = v4(part);
                if (last == null || length > 12) {
                    return null;
                }
                System.arraycopy(last, 0, bytes, length, 4);
                length += 4;
            } else if (part.isEmpty() || part.length() > 4 || !part.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 128)) {
                return null;
            } else {
                int value = Integer.parseInt(part, 16);
                bytes[length++] = (byte) (value >> 8);
                bytes[length++] = (byte) value;
            }
        }
        return Arrays.copyOf(bytes, length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IpAddress address && Arrays.equals(bytes, address.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The canonical text (RFC 5952 for IPv6), without brackets. */
    @Override
    public String toString() {
        if (bytes.length == 4) {
            return (bytes[0] & 255) + "." + (bytes[1] & 255) + "." + (bytes[2] & 255) + "." + (bytes[3] & 255);
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (bytes[2 * i] & 255) << 8 | bytes[2 * i + 1] & 255;
        }
        int start = -1;
        int longest = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && groups[end] == 0) {
                end++;
            }
            if (end - i > longest) {
                longest = end - i;
                start = i;
            }
            i = Math.max(i, end - 1);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                text.append("::");
                i += longest - 1;
            } else {
                if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}

package io.jenkins.plugins.hardenrunner.engine.baseline;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.jenkins.plugins.hardenrunner.engine.Sha256;
import io.jenkins.plugins.hardenrunner.engine.policy.Token;
import java.util.Locale;
import java.util.Objects;

/**
 * What a block did and a baseline has or has not: an endpoint, a changed file, or a program's use of either.
 *
 * @param protocol {@code tcp}, {@code udp} or {@code dns}; null for files
 * @param host a name, an address, or in accepted entries a pattern such as {@code *.cdn.test}; null for files
 * @param port null for files
 * @param path below the workspace where it lies there, otherwise absolute; null for endpoints
 * @param program null unless the kind is {@code program}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Subject(Kind kind, String protocol, String host, Integer port, String path, String program) {
    /** What kind of subject it is. */
    public enum Kind implements Token {
        /** A destination. */
        ENDPOINT,
        /** A program's use of a destination or a file that is known otherwise. */
        PROGRAM,
        /** A file under version control, or one that the policy protects, which was changed. */
        FILE;

        @Override
        @JsonValue
        public String token() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Checks that the fields are those of the kind; texts of unknown origin are shortened by {@link #bounded}. */
    public Subject {
        Objects.requireNonNull(kind, "kind");
        boolean endpoint = protocol != null && host != null && port != null && path == null;
        boolean file = protocol == null && host == null && port == null && path != null;
        if (!endpoint && !file
                || endpoint && kind == Kind.FILE
                || file && kind == Kind.ENDPOINT
                || (program != null) != (kind == Kind.PROGRAM)) {
            throw new IllegalArgumentException("a subject has protocol, host and port, or a path; and a program if it is of that kind");
        }
        if (endpoint && (port < 0 || port > 65_535 || !protocol.matches("tcp|udp|dns"))) {
            throw new IllegalArgumentException("protocol tcp, udp or dns and a port up to 65535 are expected");
        }
        host = host == null ? null : bounded(host, Limits.TEXT);
        path = path == null ? null : bounded(path, Limits.PATH);
        program = program == null ? null : bounded(program, Limits.TEXT);
    }

    /** A destination. */
    public static Subject endpoint(String protocol, String host, int port) {
        return new Subject(Kind.ENDPOINT, protocol, host, port, null, null);
    }

    /** A changed file. */
    public static Subject file(String path) {
        return new Subject(Kind.FILE, null, null, null, path, null);
    }

    /** A program's use of this endpoint or file. */
    public Subject by(String user) {
        return new Subject(Kind.PROGRAM, protocol, host, port, path, Objects.requireNonNull(user, "program"));
    }

    /** The endpoint or the file that this subject is about. */
    public Subject target() {
        return kind != Kind.PROGRAM ? this : new Subject(path == null ? Kind.ENDPOINT : Kind.FILE, protocol, host, port, path, null);
    }

    /** 16 hexadecimal digits, the same for equal subjects everywhere. */
    public String id() {
        // The separator is no part of the numbers and tokens before the free texts, and the lengths tell these apart.
        String key = kind.token() + "\n" + protocol + "\n" + port + "\n" + length(host) + "\n" + length(path) + "\n" + host
                + "\n" + path + "\n" + program;
        return Sha256.hex(key).substring(0, 16);
    }

    /** In a few words, for a list or a log. Text of unknown origin in it is not escaped. */
    public String label() {
        String target = path != null ? path : endpointText();
        return program == null ? target : target + " by " + program;
    }

    private String endpointText() {
        String shown = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
        return switch (protocol) {
            case "dns" -> "dns " + host;
            case "udp" -> "udp://" + shown + ":" + port;
            default -> shown + ":" + port;
        };
    }

    private static int length(String text) {
        return text == null ? -1 : text.length();
    }

    /** A text that is kept whole up to a length; of a longer one the beginning and a digest, so that it stays distinct. */
    static String bounded(String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        int cut = max - 18;
        return text.substring(0, Character.isHighSurrogate(text.charAt(cut - 1)) ? cut - 1 : cut)
                + "…#" + Sha256.hex(text).substring(0, 16);
    }
}

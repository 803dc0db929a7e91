package io.jenkins.plugins.hardenrunner.engine.audit;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, in 64 lower-case hexadecimal digits. */
public final class Digests {
    private Digests() {}

    /** A new digest. */
    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The digest of bytes. */
    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    /** A file's size in bytes and digest. */
    public record Measured(long bytes, String sha256) {}

    /** Reads a stream to its end. */
    public static Measured measure(InputStream in) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[64 * 1024];
        long size = 0;
        for (int read; (read = in.read(buffer)) >= 0; size += read) {
            digest.update(buffer, 0, read);
        }
        return new Measured(size, HexFormat.of().formatHex(digest.digest()));
    }
}

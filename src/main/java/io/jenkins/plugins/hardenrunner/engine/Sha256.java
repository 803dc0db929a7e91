package io.jenkins.plugins.hardenrunner.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256; as text it has 64 lower-case hexadecimal digits. */
public final class Sha256 {
    private Sha256() {}

    /** A digest to be fed. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The digest of bytes, 32 bytes. */
    public static byte[] of(byte[] bytes) {
        return digest().digest(bytes);
    }

    /** The digest of bytes, as text. */
    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(of(bytes));
    }

    /** The digest of a text in UTF-8, as text. */
    public static String hex(String text) {
        return hex(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A file's size in bytes, and its digest as text. */
    public record Measured(long bytes, String sha256) {}

    /** Reads a file. */
    public static Measured measure(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return measure(in);
        }
    }

    /** Reads a stream to its end. */
    public static Measured measure(InputStream in) throws IOException {
        MessageDigest digest = digest();
        byte[] buffer = new byte[64 * 1024];
        long size = 0;
        for (int read; (read = in.read(buffer)) >= 0; size += read) {
            digest.update(buffer, 0, read);
        }
        return new Measured(size, HexFormat.of().formatHex(digest.digest()));
    }
}

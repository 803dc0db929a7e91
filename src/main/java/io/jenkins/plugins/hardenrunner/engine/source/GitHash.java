package io.jenkins.plugins.hardenrunner.engine.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digests of contents, as git names them ({@code blob:…}) or plain ({@code sha256:…}). */
final class GitHash {
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private GitHash() {}

    static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /** A prefix (ASCII) and some bytes in hexadecimal digits; made for being called very often. */
    static String hex(String prefix, byte[] bytes, int from, int length) {
        int at = prefix.length();
        byte[] text = new byte[at + 2 * length];
        for (int i = 0; i < at; i++) {
            text[i] = (byte) prefix.charAt(i);
        }
        for (int i = from; i < from + length; i++) {
            text[at++] = DIGITS[bytes[i] >> 4 & 15];
            text[at++] = DIGITS[bytes[i] & 15];
        }
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    static String blob(byte[] content, String algorithm) {
        MessageDigest digest = digest(algorithm);
        digest.update(("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
        return hex(digest.digest(content));
    }

    /** The blob id of a file that was seen to have this size; null if it has another one by now. */
    static String blob(Path file, long size, String algorithm) throws IOException {
        MessageDigest digest = digest(algorithm);
        digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
        return feed(file, digest) == size ? hex(digest.digest()) : null;
    }

    static String sha256(Path file) throws IOException {
        MessageDigest digest = digest("SHA-256");
        feed(file, digest);
        return hex(digest.digest());
    }

    private static long feed(Path file, MessageDigest digest) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        long total = 0;
        // A link put in the file's place after it was looked at must not lead elsewhere.
        try (InputStream in = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            for (int read; (read = in.read(buffer)) >= 0; ) {
                digest.update(buffer, 0, read);
                total += read;
            }
        }
        return total;
    }
}

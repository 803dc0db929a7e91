package io.jenkins.plugins.hardenrunner.engine.source;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What git stores for a large file that LFS keeps elsewhere.
 *
 * @param digest the SHA-256 of the large file, hexadecimal
 * @param size its size in bytes
 */
record LfsPointer(String digest, long size) {
    /** Pointers are small; the specification asks for less than 1024 bytes. */
    static final int MAX_SIZE = 1024;

    private static final Pattern TEXT = Pattern.compile(
            "version https://git-lfs\\.github\\.com/spec/v1\n(?:ext-[^\n]*\n)*oid sha256:([0-9a-f]{64})\nsize (\\d{1,18})\n");

    /** The pointer in a blob; null if it is none. */
    static LfsPointer of(byte[] blob) {
        Matcher matcher = blob == null ? null : TEXT.matcher(new String(blob, StandardCharsets.UTF_8));
        return matcher != null && matcher.matches()
                ? new LfsPointer(matcher.group(1), Long.parseLong(matcher.group(2)))
                : null;
    }
}

package io.jenkins.plugins.hardenrunner.engine.event;

import io.jenkins.plugins.hardenrunner.engine.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * The running hash of an event file (docs/events.md): {@code h0 = SHA-256("harden-events 1\n" + nonce)},
 * {@code h[n] = SHA-256(h[n-1] + body[n])}.
 */
public final class EventChain {
    /** Bytes between an event's body and the end of its line: {@code ,"h":"}, 64 digits, {@code "}}. */
    public static final int TAIL = 6 + 64 + 2;

    private static final String SEED = "harden-events 1\n";

    private final MessageDigest digest = Sha256.digest();
    private byte[] head;

    /** A chain before its first event. @param nonce as it stands in the policy file */
    public EventChain(String nonce) {
        head = digest.digest((SEED + nonce).getBytes(StandardCharsets.US_ASCII));
    }

    /** Appends an event and returns the new head. @param length of the body in the buffer, in bytes from 0 */
    public String append(byte[] buffer, int length) {
        digest.update(head);
        digest.update(buffer, 0, length);
        head = digest.digest();
        return head();
    }

    /** The hash of the newest event in 64 lower-case hexadecimal digits. */
    public String head() {
        return HexFormat.of().formatHex(head);
    }

    /** What follows the body of an event that has this hash. */
    public static byte[] tail(String hash) {
        return (",\"h\":\"" + hash + "\"}").getBytes(StandardCharsets.US_ASCII);
    }

    /** Goes on from a hash that was read, so that one altered line does not make all later ones look altered. */
    public void resume(String hash) {
        head = HexFormat.of().parseHex(hash);
    }
}

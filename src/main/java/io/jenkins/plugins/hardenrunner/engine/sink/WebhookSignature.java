package io.jenkins.plugins.hardenrunner.engine.sink;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signatures of webhooks as the Standard Webhooks specification has them: HMAC-SHA256 over id, time and body, so that
 * neither can be changed, and a receiver that remembers ids and looks at the time accepts each delivery once.
 */
public final class WebhookSignature {
    private static final String PREFIX = "whsec_";
    private static final int LEAST_BYTES = 24;

    private final byte[] key;

    /**
     * @param secret {@code whsec_} and Base64, or any other text, whose UTF-8 bytes are the key
     * @throws IllegalArgumentException if it is too short to withstand guessing, or not Base64 where it should be
     */
    public WebhookSignature(String secret) {
        byte[] bytes;
        if (secret.startsWith(PREFIX)) {
            try {
                bytes = Base64.getDecoder().decode(secret.substring(PREFIX.length()));
            } catch (IllegalArgumentException e) {
                // The decoder's own message would quote from the secret.
                throw new IllegalArgumentException("what follows 'whsec_' in the secret is not Base64");
            }
        } else {
            bytes = secret.getBytes(StandardCharsets.UTF_8);
        }
        if (bytes.length < LEAST_BYTES) {
            throw new IllegalArgumentException("the secret has " + bytes.length + " bytes, at least " + LEAST_BYTES + " are needed");
        }
        key = bytes;
    }

    /** The value of the header {@code webhook-signature}. */
    public String of(String id, Instant time, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update((id + "." + time.getEpochSecond() + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}

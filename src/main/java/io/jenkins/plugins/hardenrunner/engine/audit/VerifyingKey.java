package io.jenkins.plugins.hardenrunner.engine.audit;

import io.jenkins.plugins.hardenrunner.engine.Sha256;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;

/** An Ed25519 public key (RFC 8032). */
public final class VerifyingKey {
    static final String ALGORITHM = "Ed25519";

    private final PublicKey key;

    VerifyingKey(PublicKey key) {
        this.key = key;
    }

    /**
     * Reads the public keys of a PEM text: one or more {@code PUBLIC KEY} blocks (RFC 7468), as
     * {@code openssl pkey -pubout} writes them. Text around the blocks is ignored.
     */
    public static List<VerifyingKey> readPem(String text) throws EvidenceException {
        List<VerifyingKey> keys = new ArrayList<>();
        for (byte[] der : Pem.blocks(text, "PUBLIC KEY")) {
            keys.add(of(der));
        }
        if (keys.isEmpty()) {
            throw new EvidenceException("no 'PUBLIC KEY' block: an Ed25519 public key in PEM form is expected");
        }
        return keys;
    }

    private static VerifyingKey of(byte[] subjectPublicKeyInfo) throws EvidenceException {
        try {
            return new VerifyingKey(KeyFactory.getInstance(ALGORITHM).generatePublic(new X509EncodedKeySpec(subjectPublicKeyInfo)));
        } catch (GeneralSecurityException e) {
            throw new EvidenceException("not an Ed25519 public key; make one with 'openssl genpkey -algorithm ed25519' and 'openssl pkey -pubout'", e);
        }
    }

    /** {@code SHA256:} and the digest of the key's SubjectPublicKeyInfo, in lower-case hexadecimal digits. */
    public String id() {
        return "SHA256:" + Sha256.hex(key.getEncoded());
    }

    /** The key in PEM form. */
    public String pem() {
        return Pem.block("PUBLIC KEY", key.getEncoded());
    }

    /** Whether the signature is this key's over the message; false for bytes that are no signature. */
    boolean verifies(byte[] message, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(ALGORITHM);
            verifier.initVerify(key);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}

package io.jenkins.plugins.hardenrunner.engine.audit;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.List;

/** An Ed25519 key pair that signs seals. It lives where seals are made: on the controller, or with the user. */
public final class SigningKey {
    private final PrivateKey secret;
    private final VerifyingKey verifying;

    private SigningKey(PrivateKey secret, VerifyingKey verifying) {
        this.secret = secret;
        this.verifying = verifying;
    }

    /** A new key from the platform's secure random numbers. */
    public static SigningKey generate() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance(VerifyingKey.ALGORITHM).generateKeyPair();
            return new SigningKey(pair.getPrivate(), new VerifyingKey(pair.getPublic()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java 15 and later have Ed25519", e);
        }
    }

    /** Reads the one {@code PRIVATE KEY} block of a PEM text, as {@code openssl genpkey -algorithm ed25519} writes it. */
    public static SigningKey readPem(String text) throws EvidenceException {
        List<byte[]> blocks = Pem.blocks(text, "PRIVATE KEY");
        if (blocks.size() != 1) {
            throw new EvidenceException("one 'PRIVATE KEY' block is expected, not " + blocks.size()
                    + "; make a key with 'openssl genpkey -algorithm ed25519'");
        }
        return decode(blocks.get(0));
    }

    /** A key from its PKCS #8 form. */
    public static SigningKey decode(byte[] pkcs8) throws EvidenceException {
        try {
            PrivateKey secret = KeyFactory.getInstance(VerifyingKey.ALGORITHM).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            return new SigningKey(secret, publicHalf((EdECPrivateKey) secret));
        } catch (GeneralSecurityException e) {
            throw new EvidenceException("not an Ed25519 private key in PKCS #8 form; make one with 'openssl genpkey -algorithm ed25519'", e);
        }
    }

    /**
     * The public key of a private one. Java derives it only while it generates a pair, so the generator is given the
     * private key's seed for its random numbers.
     */
    private static VerifyingKey publicHalf(EdECPrivateKey secret) throws GeneralSecurityException {
        byte[] seed = secret.getBytes().orElseThrow(() -> new GeneralSecurityException("the key does not show its bytes"));
        KeyPairGenerator generator = KeyPairGenerator.getInstance(VerifyingKey.ALGORITHM, "SunEC");
        generator.initialize(NamedParameterSpec.ED25519, new SecureRandom() {
            private static final long serialVersionUID = 1L;

            @Override
            public void nextBytes(byte[] bytes) {
                System.arraycopy(seed, 0, bytes, 0, bytes.length);
            }
        });
        SigningKey key = new SigningKey(secret, new VerifyingKey(generator.generateKeyPair().getPublic()));
        byte[] message = {1};
        if (!key.verifying.verifies(message, key.sign(message))) {
            throw new GeneralSecurityException("this Java derives another public key");
        }
        return key.verifying;
    }

    /** The public half. */
    public VerifyingKey verifying() {
        return verifying;
    }

    /** The secret half in PKCS #8 form, to be stored where nobody else reads it. */
    public byte[] encoded() {
        return secret.getEncoded();
    }

    byte[] sign(byte[] message) {
        try {
            Signature signer = Signature.getInstance(VerifyingKey.ALGORITHM);
            signer.initSign(secret);
            signer.update(message);
            return signer.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("an Ed25519 key signs anything", e);
        }
    }
}

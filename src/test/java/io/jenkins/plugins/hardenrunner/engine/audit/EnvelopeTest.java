package io.jenkins.plugins.hardenrunner.engine.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
    /** RFC 8032, section 7.1, test 1 and 2. */
    private static final String SEED = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    private static final String PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
    private static final String SIGNATURE_OF_NOTHING = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd"
            + "25bf5f0595bbe24655141438e7a100b";

    private static String pem(String label, String prefix, String hex) {
        return Pem.block(label, HexFormat.of().parseHex(prefix + hex));
    }

    private static SigningKey rfcKey() throws EvidenceException {
        return SigningKey.readPem(pem("PRIVATE KEY", "302e020100300506032b657004220420", SEED));
    }

    @Test
    void preAuthenticationEncodingIsThatOfTheProtocol() {
        // the example of the protocol's text
        assertThat(new String(Envelope.preAuthenticationEncoding("http://example.com/HelloWorld", "hello world".getBytes(UTF_8)), UTF_8),
                equalTo("DSSEv1 29 http://example.com/HelloWorld 11 hello world"));
        assertThat(new String(Envelope.preAuthenticationEncoding("\u00e4", new byte[0]), UTF_8), equalTo("DSSEv1 2 \u00e4 0 "));
    }

    @Test
    void keysAndSignaturesAreThoseOfRfc8032() throws EvidenceException {
        SigningKey key = rfcKey();
        assertThat(key.verifying().pem(), equalTo(pem("PUBLIC KEY", "302a300506032b6570032100", PUBLIC)));
        assertThat(HexFormat.of().formatHex(key.sign(new byte[0])), equalTo(SIGNATURE_OF_NOTHING));
        assertThat(SigningKey.decode(key.encoded()).verifying().id(), equalTo(key.verifying().id()));
    }

    @Test
    void signersAreFoundWhateverTheKeyIdSays() throws EvidenceException {
        SigningKey other = SigningKey.generate();
        Envelope envelope = Envelope.sign("a/b", "text".getBytes(UTF_8), List.of(rfcKey(), other));
        Envelope read = Envelope.fromJson(envelope.toJson());
        assertThat(read.signers(List.of(other.verifying())).stream().map(VerifyingKey::id).toList(), contains(other.verifying().id()));
        Envelope lying = new Envelope("a/b", read.payload(), List.of(new Envelope.Signature(other.verifying().id(), read.signatures().get(0).value())));
        assertThat(lying.signers(List.of(other.verifying())), empty());
        assertThat(lying.signers(List.of(rfcKey().verifying())).size(), equalTo(1));
    }

    @Test
    void typeAndPayloadAreBothSigned() throws EvidenceException {
        Envelope envelope = Envelope.sign("a/b", "text".getBytes(UTF_8), List.of(rfcKey()));
        assertThat(new Envelope("a/c", envelope.payload(), envelope.signatures()).signers(List.of(rfcKey().verifying())), empty());
        assertThat(new Envelope("a/b", "texT".getBytes(UTF_8), envelope.signatures()).signers(List.of(rfcKey().verifying())), empty());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "null", "[]", "{}", "{\"payloadType\":\"x\"}", "{\"payloadType\":\"x\",\"payload\":1,\"signatures\":[]}",
        "{\"payloadType\":\"x\",\"payload\":\"_\",\"signatures\":[]}", "{\"payloadType\":\"x\",\"payload\":\"YR==\",\"signatures\":[]}",
        "{\"payloadType\":\"x\",\"payload\":\"YQ==\",\"signatures\":[{}]}", "{\"payloadType\":\"x\",\"payload\":\"YQ==\",\"signatures\":[1]}",
    })
    void whatIsNoEnvelopeIsRefusedWithTheReason(String json) {
        EvidenceException e = assertThrows(EvidenceException.class, () -> Envelope.fromJson(json.getBytes(UTF_8)));
        assertThat(e.getMessage(), containsString("not a DSSE envelope"));
    }

    @Test
    void keysThatAreNoneAreRefusedWithTheRemedy() {
        String text = "-----BEGIN PUBLIC KEY-----\n" + Base64.getEncoder().encodeToString(new byte[44]) + "\n-----END PUBLIC KEY-----\n";
        assertThat(assertThrows(EvidenceException.class, () -> VerifyingKey.readPem(text)).getMessage(), containsString("openssl"));
        assertThat(assertThrows(EvidenceException.class, () -> VerifyingKey.readPem("hello")).getMessage(), containsString("PUBLIC KEY"));
        assertThat(assertThrows(EvidenceException.class, () -> SigningKey.readPem("hello")).getMessage(), containsString("PRIVATE KEY"));
    }
}

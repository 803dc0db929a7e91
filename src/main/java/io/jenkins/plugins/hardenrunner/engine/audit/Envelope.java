package io.jenkins.plugins.hardenrunner.engine.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * Signed bytes with their type: a DSSE envelope, protocol version 1 (github.com/secure-systems-lab/dsse). What is signed
 * are the payload's bytes as they are, so that nothing depends on how JSON is written.
 *
 * @param payloadType media type of the payload
 * @param signatures may be none: the envelope then only says what somebody claims
 */
public record Envelope(String payloadType, byte[] payload, List<Signature> signatures) {
    private static final int MAX_BYTES = 64 << 20;
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(8).maxStringLength(MAX_BYTES).build())
                    .build())
            .build();

    /** Our own payloads are plain and flat; what does not fit them was not written by this tool. */
    private static final JsonMapper STRICT = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(8).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** A signature. @param keyId hint which key it may be of; not signed, so never trusted */
    public record Signature(String keyId, byte[] value) {}

    /** Signs a payload. @param keys none for an envelope that is not signed */
    public static Envelope sign(String payloadType, byte[] payload, List<SigningKey> keys) {
        byte[] message = preAuthenticationEncoding(payloadType, payload);
        return new Envelope(payloadType, payload,
                keys.stream().map(key -> new Signature(key.verifying().id(), key.sign(message))).toList());
    }

    /** Which of the keys have signed this envelope: each is tried on each signature, whatever the signature says. */
    public List<VerifyingKey> signers(Collection<VerifyingKey> keys) {
        byte[] message = preAuthenticationEncoding(payloadType, payload);
        return keys.stream()
                .filter(key -> signatures.stream().anyMatch(signature -> key.verifies(message, signature.value())))
                .toList();
    }

    /** Whether the signature of this key stands under the key's own id. The id proves nothing; another one was altered. */
    boolean isLabelled(VerifyingKey key) {
        byte[] message = preAuthenticationEncoding(payloadType, payload);
        return signatures.stream().anyMatch(signature -> signature.keyId().equals(key.id()) && key.verifies(message, signature.value()));
    }

    /** PAE of the protocol: {@code "DSSEv1" SP LEN(type) SP type SP LEN(payload) SP payload}. */
    static byte[] preAuthenticationEncoding(String type, byte[] payload) {
        byte[] kind = type.getBytes(StandardCharsets.UTF_8);
        byte[] head = ("DSSEv1 " + kind.length + " " + type + " " + payload.length + " ").getBytes(StandardCharsets.UTF_8);
        byte[] message = new byte[head.length + payload.length];
        System.arraycopy(head, 0, message, 0, head.length);
        System.arraycopy(payload, 0, message, head.length, payload.length);
        return message;
    }

    /** The envelope as one line of JSON and a newline. */
    public byte[] toJson() {
        ObjectNode tree = JSON.createObjectNode();
        tree.put("payloadType", payloadType);
        tree.put("payload", Base64.getEncoder().encodeToString(payload));
        ArrayNode list = tree.putArray("signatures");
        for (Signature signature : signatures) {
            list.addObject().put("keyid", signature.keyId()).put("sig", Base64.getEncoder().encodeToString(signature.value()));
        }
        return (tree + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /** Reads an envelope. @throws EvidenceException naming the field that is wrong */
    public static Envelope fromJson(byte[] json) throws EvidenceException {
        JsonNode tree;
        try {
            tree = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new EvidenceException("not a DSSE envelope: line " + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr() + ": " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new EvidenceException("not a DSSE envelope: " + e.getMessage(), e);
        }
        if (tree == null || !tree.path("payloadType").isTextual() || !tree.path("signatures").isArray()) {
            throw new EvidenceException("not a DSSE envelope: 'payloadType', 'payload' and 'signatures' are expected");
        }
        List<Signature> signatures = new ArrayList<>();
        for (JsonNode entry : tree.get("signatures")) {
            signatures.add(new Signature(entry.path("keyid").asText(""), base64(entry.path("sig"), "sig")));
        }
        return new Envelope(tree.get("payloadType").asText(), base64(tree.path("payload"), "payload"), List.copyOf(signatures));
    }

    /**
     * The payload as a record, whether or not it is signed.
     *
     * @param type the payload type that is expected
     * @throws EvidenceException if the envelope holds something else
     */
    <T> T content(String type, Class<T> form) throws EvidenceException {
        if (!payloadType.equals(type)) {
            throw new EvidenceException("the envelope holds '" + payloadType + "', not " + type);
        }
        String what = "not a " + form.getSimpleName().toLowerCase(Locale.ROOT) + ": ";
        T content;
        try {
            content = STRICT.readValue(payload, form);
        } catch (JsonProcessingException e) {
            throw new EvidenceException(what + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new EvidenceException(what + e.getMessage(), e);
        }
        if (content == null) {
            throw new EvidenceException(what + "the payload is null");
        }
        return content;
    }

    /** The bytes of a record that is to be signed. */
    static byte[] json(Record content) {
        try {
            return JSON.writeValueAsBytes(content);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of texts and numbers can be written", e);
        }
    }

    /** Strict: no white space, no bits that do not count, so that every byte of the text matters. */
    private static byte[] base64(JsonNode node, String field) throws EvidenceException {
        if (!node.isTextual()) {
            throw new EvidenceException("not a DSSE envelope: '" + field + "' is not a text in base64");
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(node.asText());
            if (!Base64.getEncoder().encodeToString(bytes).equals(node.asText())) {
                throw new EvidenceException("not a DSSE envelope: '" + field + "' is not canonical base64");
            }
            return bytes;
        } catch (IllegalArgumentException e) {
            throw new EvidenceException("not a DSSE envelope: '" + field + "' is not base64: " + e.getMessage(), e);
        }
    }
}

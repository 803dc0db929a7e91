package io.jenkins.plugins.hardenrunner.engine.audit;

import java.util.List;

/**
 * Says that sealed files were removed on purpose, when their time was over. It is signed as the seal is: a file that is
 * missing without it is a file that somebody has removed.
 *
 * @param schema 1
 * @param pruned when, ISO 8601 in UTC
 * @param seal SHA-256 of the payload of the seal
 * @param files names that the seal has
 */
public record Pruning(int schema, String pruned, String seal, List<String> files) {
    /** Media type of the payload. */
    public static final String TYPE = "application/vnd.harden-runner.pruning.v1+json";

    /** The name of the file. */
    public static final String FILE = "pruned.json";

    /** A statement that is complete. @throws IllegalArgumentException if it is not */
    public Pruning {
        if (schema != 1 || pruned == null || seal == null) {
            throw new IllegalArgumentException("'schema' 1, 'pruned' and 'seal' are expected");
        }
        files = files == null ? List.of() : List.copyOf(files);
    }

    /** Signs it. */
    public Envelope sign(List<SigningKey> keys) {
        return Envelope.sign(TYPE, Envelope.json(this), keys);
    }

    /** The statement in an envelope, whether or not it is signed. @throws EvidenceException if it holds none */
    public static Pruning of(Envelope envelope) throws EvidenceException {
        return envelope.content(TYPE, Pruning.class);
    }
}

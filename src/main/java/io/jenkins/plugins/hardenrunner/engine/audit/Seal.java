package io.jenkins.plugins.hardenrunner.engine.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.jenkins.plugins.hardenrunner.engine.Sha256;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a seal says about one block (docs/evidence.md): which build it was, under which policy, with which helper, what
 * its launches recorded, and what was made of it. It is the payload of an {@link Envelope}.
 *
 * @param schema 1
 * @param sealed when, ISO 8601 in UTC
 * @param subject what ran
 * @param sequence number of this seal in its series (all seals of one job), from 1; 0 if it belongs to none
 * @param previous SHA-256 of the payload of the seal before it in the series; null for the first
 * @param policy SHA-256 of the policy that was in force, as report.json has it
 * @param helpers SHA-256 of each supervisor binary that was used, in hexadecimal digits
 * @param files everything that is sealed, by name
 * @param launches what the supervisors recorded
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Seal(
        int schema,
        String sealed,
        Subject subject,
        long sequence,
        String previous,
        String policy,
        List<String> helpers,
        List<File> files,
        List<Launch> launches) {
    /** Media type of the payload. */
    public static final String TYPE = "application/vnd.harden-runner.seal.v1+json";

    /** The version of the format. */
    public static final int SCHEMA = 1;

    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /**
     * What ran.
     *
     * @param instance root URL of the Jenkins, or the host's name; may be empty
     * @param job full name of the job; empty for a command line
     * @param build number of the build; 0 for a command line
     * @param block id of the block; empty for a command line
     */
    public record Subject(String instance, String job, long build, String block) {}

    /** A sealed file. @param name relative to the seal, without folders */
    public record File(String name, long bytes, String sha256) {
        /** A file as it is now. */
        public static File of(Path file) throws IOException {
            Sha256.Measured measured = Sha256.measure(file);
            return new File(String.valueOf(file.getFileName()), measured.bytes(), measured.sha256());
        }
    }

    /**
     * A launch.
     *
     * @param nonce that the controller chose, in hexadecimal digits
     * @param events how many lines were recorded
     * @param head hash of the newest, in hexadecimal digits; null if there is none
     * @param closed whether the last is the closing record
     * @param intact whether chain and sequence held when the seal was made
     * @param file which of the sealed files has the events; null if they were not kept
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Launch(String id, String nonce, long events, String head, boolean closed, boolean intact, String file) {}

    /** A seal without nulls in its lists. @throws IllegalArgumentException naming the field that is wrong */
    public Seal {
        require(schema == SCHEMA, "schema " + schema + " is not " + SCHEMA + ", the one that this version reads");
        require(subject != null && subject.job() != null && subject.block() != null && subject.instance() != null, "'subject' is not complete");
        require(sequence >= 0, "'sequence' is negative");
        require(previous == null || DIGEST.matcher(previous).matches(), "'previous' is no SHA-256 digest");
        helpers = helpers == null ? List.of() : List.copyOf(helpers);
        files = files == null ? List.of() : List.copyOf(files);
        launches = launches == null ? List.of() : List.copyOf(launches);
        for (File file : files) {
            require(file.name() != null && isPlain(file.name()), "the name of a sealed file is no plain file name");
            require(file.sha256() != null && DIGEST.matcher(file.sha256()).matches(), "the digest of '" + file.name() + "' is no SHA-256");
        }
        for (Launch launch : launches) {
            require(launch.id() != null && launch.nonce() != null, "a launch has no id or nonce");
            require(launch.head() == null || DIGEST.matcher(launch.head()).matches(), "the head of launch '" + launch.id() + "' is no SHA-256");
        }
    }

    /** A name that stays in the folder: a seal may come from anywhere, and its files are opened. */
    private static boolean isPlain(String name) {
        return name.matches("[A-Za-z0-9_][A-Za-z0-9._-]{0,99}");
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }

    /** The payload's bytes. */
    public byte[] toJson() {
        return Envelope.json(this);
    }

    /** Signs it. @param keys none for a seal that finds accidents only */
    public Envelope sign(List<SigningKey> keys) {
        return Envelope.sign(TYPE, toJson(), keys);
    }

    /** The seal in an envelope, whether or not it is signed. @throws EvidenceException if it holds none */
    public static Seal of(Envelope envelope) throws EvidenceException {
        return envelope.content(TYPE, Seal.class);
    }
}

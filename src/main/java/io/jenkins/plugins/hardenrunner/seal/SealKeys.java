package io.jenkins.plugins.hardenrunner.seal;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.engine.audit.SigningKey;
import io.jenkins.plugins.hardenrunner.engine.audit.VerifyingKey;
import io.jenkins.plugins.hardenrunner.storage.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import jenkins.model.Jenkins;
import jenkins.security.ConfidentialKey;

/**
 * The key that signs seals. Its secret half lies in Jenkins' confidential store, encrypted with the master key, and never
 * leaves the controller: whoever has it can seal anything. A rotation destroys it; the public halves are kept, since
 * seals outlive keys.
 */
public final class SealKeys {
    private static final String PUBLIC = "io.jenkins.plugins.hardenrunner.seal-keys.pem";
    private static final Secret SECRET = new Secret();

    private SealKeys() {}

    /** The key of today. */
    @NonNull
    public static synchronized SigningKey current() throws IOException {
        byte[] stored = SECRET.read();
        if (stored == null) {
            return renew();
        }
        SigningKey key = SigningKey.decode(stored);
        if (verifying().stream().noneMatch(known -> known.id().equals(key.verifying().id()))) {
            publish(key.verifying());
        }
        return key;
    }

    /** Makes a new key for the seals to come. The old one is gone; what it has signed still verifies. */
    @NonNull
    public static synchronized SigningKey renew() throws IOException {
        SigningKey key = SigningKey.generate();
        // The public half first: a seal whose key nobody knows would look forged.
        publish(key.verifying());
        SECRET.write(key.encoded());
        return key;
    }

    /** The public halves of all keys that this Jenkins ever had, oldest first. */
    @NonNull
    public static List<VerifyingKey> verifying() throws IOException {
        String pem = pem();
        return pem.isEmpty() ? List.of() : VerifyingKey.readPem(pem);
    }

    /** The same in PEM form; before each key a line says since when it signs. */
    @NonNull
    public static synchronized String pem() throws IOException {
        Path file = file();
        return Files.exists(file) ? Files.readString(file, StandardCharsets.US_ASCII) : "";
    }

    private static void publish(VerifyingKey key) throws IOException {
        String text = pem() + "# " + key.id() + " since " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + "\n" + key.pem();
        AtomicFiles.write(file(), out -> out.write(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private static Path file() {
        return Jenkins.get().getRootDir().toPath().resolve(PUBLIC);
    }

    /** The secret half, as Jenkins keeps its own. */
    private static final class Secret extends ConfidentialKey {
        Secret() {
            super("io.jenkins.plugins.hardenrunner.seal");
        }

        @CheckForNull
        byte[] read() throws IOException {
            return load();
        }

        void write(@NonNull byte[] key) throws IOException {
            store(key);
        }
    }
}

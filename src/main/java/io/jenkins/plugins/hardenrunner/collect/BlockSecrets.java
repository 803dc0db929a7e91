package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.util.Secret;
import io.jenkins.plugins.hardenrunner.engine.policy.Redaction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The secrets that the commands of a block were given. The helper hides them in its events by itself; what Jenkins reads
 * of changed files at the end needs them too, also after a restart, and so they lie beside the block's evidence while it
 * runs, encrypted as Jenkins encrypts its own.
 */
public final class BlockSecrets {
    static final String FILE = "secrets";

    private final BlockStore store;
    private Set<String> values;

    BlockSecrets(@NonNull BlockStore store) {
        this.store = store;
    }

    /**
     * Remembers the secrets in an environment.
     *
     * @param environment {@code NAME=VALUE}
     * @param names variables that are declared as secret
     */
    public synchronized void learn(@NonNull String[] environment, @NonNull Collection<String> names, @NonNull Redaction redaction)
            throws IOException {
        List<String> lines = new ArrayList<>();
        for (String entry : environment) {
            int equals = entry.indexOf('=', 1);
            if (equals < 0) {
                continue;
            }
            String name = entry.substring(0, equals);
            String value = entry.substring(equals + 1);
            if (!value.isEmpty() && (names.contains(name) || redaction.hides(name, value)) && known().add(value)) {
                lines.add(Secret.fromString(value).getEncryptedValue());
            }
        }
        if (!lines.isEmpty()) {
            Files.write(store.file(FILE), lines, StandardCharsets.US_ASCII, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }

    /** All of them. */
    @NonNull
    synchronized List<String> values() throws IOException {
        return List.copyOf(known());
    }

    private Set<String> known() throws IOException {
        if (values == null) {
            values = new LinkedHashSet<>();
            Path file = store.file(FILE);
            for (String line : Files.exists(file) ? Files.readAllLines(file, StandardCharsets.US_ASCII) : List.<String>of()) {
                Secret secret = Secret.decrypt(line);
                // A line that a crash cut off belongs to a command that was not started.
                if (secret != null) {
                    values.add(secret.getPlainText());
                }
            }
        }
        return values;
    }
}

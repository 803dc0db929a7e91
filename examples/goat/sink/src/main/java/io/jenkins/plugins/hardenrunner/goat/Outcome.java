package io.jenkins.plugins.hardenrunner.goat;

import io.jenkins.plugins.hardenrunner.goat.Goat.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What a run left behind; the keys are named in {@link #Outcome}. */
final class Outcome {
    /** The three things that go wrong in the scenarios. */
    enum Attack {
        PHONE_HOME,
        EDIT,
        DNS
    }

    final SinkRecord sink;
    final Set<Attack> attacks;
    final String output;
    final String secret;
    final int status;
    final int port;
    final Path project;
    private final Map<String, String> keys;

    /**
     * @param keys {@code log} (the sink's log), {@code exit} (status of the run), {@code secret} (the planted canary),
     *     {@code project} (work tree), {@code output} (file with the run's output), {@code port} (HTTPS port),
     *     {@code attacks} (comma-separated: phone-home, edit, dns; may be empty), for supervised runs {@code report}
     *     (folder)
     */
    Outcome(Map<String, String> keys) throws IOException {
        this.keys = keys;
        attacks = Arrays.stream(value("attacks").split(","))
                .filter(name -> !name.isEmpty())
                .map(Outcome::attack)
                .collect(Collectors.toUnmodifiableSet());
        port = Goat.ports("port", value("port"))[0];
        status = Goat.ports("exit", value("exit"))[0];
        secret = value("secret");
        project = Path.of(value("project"));
        output = Files.readString(Path.of(value("output")));
        sink = new SinkRecord(Path.of(value("log")));
    }

    boolean has(Attack attack) {
        return attacks.contains(attack);
    }

    boolean indexIsAsCheckedOut() throws IOException {
        return Files.readString(project.resolve("index.js")).contains("index.js as checked out");
    }

    Path report(String file) {
        return Path.of(value("report")).resolve(file);
    }

    private static Attack attack(String name) {
        try {
            return Attack.valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
        } catch (IllegalArgumentException e) {
            throw new UsageException("attacks: '" + name + "' is none of phone-home, edit, dns");
        }
    }

    private String value(String key) {
        String value = keys.get(key);
        if (value == null) {
            throw new UsageException("check: " + key + "= is missing");
        }
        return value;
    }
}

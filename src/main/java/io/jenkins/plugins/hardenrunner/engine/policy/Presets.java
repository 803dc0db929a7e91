package io.jenkins.plugins.hardenrunner.engine.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;

/**
 * The policies for public package sources that come with the product ({@code presets.json}). They are ordinary policies
 * behind all places of configuration: who wants to change one defines a policy of the same name that extends it.
 */
public final class Presets {
    private static final String FILE = "presets.json";
    /** Sources for which everyone has an own mirror, or whose hosts are not ours to name. */
    private static final Set<String> LEFT_OUT = Set.of("npm", "maven", "maven-central", "debian", "apt", "ubuntu");

    private Presets() {}

    private static final class Holder {
        static final PolicyScope SCOPE = read();
    }

    /** The presets, as the place behind all others. */
    public static PolicyScope builtIn() {
        return Holder.SCOPE;
    }

    private static PolicyScope read() {
        try (InputStream in = Presets.class.getResourceAsStream(FILE)) {
            JsonNode root = new ObjectMapper().readTree(in);
            return PolicyDocument.scope(root, FILE, pointer -> "", Origin.DEFAULTS, name -> new Origin(Origin.Kind.PRESET, name));
        } catch (IOException e) {
            throw new UncheckedIOException("the plugin is damaged: " + FILE + " cannot be read", e);
        }
    }

    /** What to tell somebody who names a policy that does not exist. */
    static String hint(String name, List<String> known) {
        return LEFT_OUT.contains(name)
                ? "there is no preset for it: define a policy '" + name + "' with the hosts of your registry or mirror"
                        + " (example: docs/policy.md, section Presets)"
                : "known are " + String.join(", ", known);
    }
}

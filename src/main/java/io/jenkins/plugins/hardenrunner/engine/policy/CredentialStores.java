package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.List;
import java.util.stream.Stream;

/** Where tools keep credentials. */
public final class CredentialStores {
    private static final List<String> IN_HOME = List.of(
            ".ssh", ".aws", ".azure", ".config/gcloud", ".config/gh", ".docker/config.json", ".git-credentials", ".gnupg",
            ".kube", ".m2/settings-security.xml", ".m2/settings.xml", ".netrc", ".npmrc", ".pypirc");

    private CredentialStores() {}

    /**
     * Absolute paths of files and folders, whether or not they exist: those of well-known tools in the home folder, and
     * what the policy adds.
     *
     * @param home absolute path of the home folder of the user that runs the command; empty if it is not known, which
     *     leaves the absolute paths of the policy
     */
    public static List<String> of(EffectivePolicy policy, String home) {
        if (home.isEmpty()) {
            return policy.credentialPaths().stream().filter(path -> path.startsWith("/")).distinct().toList();
        }
        String folder = home.endsWith("/") ? home : home + "/";
        Stream<String> added = policy.credentialPaths().stream()
                .map(path -> path.startsWith("~/") ? folder + path.substring(2) : path);
        return Stream.concat(IN_HOME.stream().map(name -> folder + name), added).distinct().toList();
    }
}

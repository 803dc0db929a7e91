package io.jenkins.plugins.hardenrunner.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

/** The files of an agent, or of the controller, that a build never has a reason to write. */
final class OwnPaths {
    private static final String[] AGENT = {PrepareAgent.FOLDER, "remoting", "caches", "support"};
    private static final String[] CONTROLLER = {
        "config.xml", "credentials.xml", "identity.key.enc", "secret.key", "secrets", "plugins", "users", "nodes",
        "init.groovy.d", "userContent", "war"
    };

    private OwnPaths() {}

    /**
     * Those that exist, as absolute paths.
     *
     * @param root the agent's root, on the built-in node {@code JENKINS_HOME}
     */
    @NonNull
    static String[] of(@NonNull Path root, @NonNull String classPath) {
        Set<String> paths = new TreeSet<>();
        for (String name : AGENT) {
            add(paths, root.resolve(name));
        }
        for (String name : CONTROLLER) {
            add(paths, root.resolve(name));
        }
        for (String jar : classPath.split(File.pathSeparator)) {
            if (jar.endsWith(".jar")) {
                add(paths, Path.of(jar));
            }
        }
        // The policy file holds up to 64 of them; a class path that long is not an agent's.
        return paths.stream().limit(64).toArray(String[]::new);
    }

    private static void add(Set<String> paths, Path path) {
        if (Files.exists(path)) {
            paths.add(path.toAbsolutePath().normalize().toString());
        }
    }
}

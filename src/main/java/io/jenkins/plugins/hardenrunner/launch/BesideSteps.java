package io.jenkins.plugins.hardenrunner.launch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Steps whose work is not a process that the agent's launcher starts, so that no supervisor of processes sees it. Free
 * of Jenkins types, so that it can be tested alone.
 */
final class BesideSteps {
    private static final String SCM = "the SCM plugin works in the agent's JVM and runs its tools (git, svn, …) from there";
    private static final String FILES = "it moves files in the agent's JVM, between agent and controller";
    private static final String INSTALLERS = "tool installers download and unpack in the agent's JVM";
    private static final String REQUESTS = "it makes its connections in the JVM of the controller or the agent";
    private static final String ELSEWHERE = "what it starts is a build of its own, with or without supervision of its own";

    private static final Map<String, String> REASONS = Stream.of(
                    of(SCM, "checkout", "git", "svn", "hg", "library"),
                    of(FILES, "archiveArtifacts", "archive", "unarchive", "stash", "unstash", "readFile", "writeFile",
                            "fingerprint", "junit", "publishHTML", "copyArtifacts", "deleteDir", "cleanWs", "zip", "unzip",
                            "tar", "untar", "readJSON", "writeJSON", "readYaml", "writeYaml", "touch"),
                    of(INSTALLERS, "tool", "envVarsForTool"),
                    of(REQUESTS, "httpRequest", "mail", "emailext", "slackSend", "s3Upload", "s3Download"),
                    of(ELSEWHERE, "build"))
            .flatMap(map -> map.entrySet().stream())
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

    private BesideSteps() {}

    private static Map<String, String> of(String reason, String... names) {
        return Stream.of(names).collect(Collectors.toMap(name -> name, name -> reason));
    }

    /**
     * Why a step is not supervised; null if it is, or has nothing to supervise.
     *
     * @param name as a Pipeline writes it
     * @param generic whether the step stands for whatever plugin has an extension of that name ({@code step([…])})
     */
    @CheckForNull
    static String reason(@NonNull String name, boolean generic) {
        String reason = REASONS.get(name);
        return reason == null && generic ? "a plugin does it, perhaps in the agent's JVM; only its processes are supervised" : reason;
    }
}

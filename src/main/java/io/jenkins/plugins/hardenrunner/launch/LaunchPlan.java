package io.jenkins.plugins.hardenrunner.launch;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** How a command line changes so that the helper runs it. Free of Jenkins types, so that it can be tested alone. */
final class LaunchPlan {
    /** Id of the flow node that launches; put there by {@link StepTagger}, taken out again before the launch. */
    static final String STEP_VARIABLE = "HARDEN_RUNNER_STEP";
    /** Comma-separated names of the variables whose values are secret; as above. */
    static final String REDACT_VARIABLE = "HARDEN_RUNNER_REDACT";

    private LaunchPlan() {}

    /** The helper's own arguments, up to and including {@code --}. */
    @NonNull
    static List<String> prefix(
            @NonNull String helper,
            @NonNull String policyFile,
            @NonNull String eventFile,
            @NonNull Map<String, String> tags,
            @NonNull Collection<String> redacted) {
        List<String> prefix = new ArrayList<>(List.of(helper, "run", "--policy", policyFile, "--events", eventFile));
        tags.forEach((key, value) -> {
            prefix.add("--tag");
            prefix.add(key + "=" + value);
        });
        if (!redacted.isEmpty()) {
            prefix.add("--redact-env");
            prefix.add(String.join(",", redacted));
        }
        prefix.add("--");
        return prefix;
    }

    /** The value of one of our variables in {@code NAME=VALUE} form; empty if it is not there. */
    @NonNull
    static String variable(@NonNull String[] environment, @NonNull String name) {
        for (String entry : environment) {
            if (entry.startsWith(name + "=")) {
                return entry.substring(name.length() + 1);
            }
        }
        return "";
    }

    /**
     * Whether a command is the wrapper of durable-task around the script of a step such as {@code sh}: it puts the
     * script into the background and ends at once, always with 0. Both kinds of wrapper, shell and binary, are started
     * with this cookie, which keeps Jenkins from killing them beside the script.
     */
    static boolean isDurableWrapper(@NonNull String[] environment) {
        return variable(environment, "JENKINS_SERVER_COOKIE").equals("please-do-not-kill-me");
    }

    static boolean isOurs(@NonNull String entry) {
        return entry.startsWith(STEP_VARIABLE + "=") || entry.startsWith(REDACT_VARIABLE + "=");
    }

    /** The environment without our own variables, which are for us and not for the command. */
    @NonNull
    static String[] withoutOurs(@NonNull String[] environment) {
        List<String> kept = new ArrayList<>(environment.length);
        for (String entry : environment) {
            if (!isOurs(entry)) {
                kept.add(entry);
            }
        }
        return kept.toArray(new String[0]);
    }

    /** The names in a {@link #REDACT_VARIABLE}; names that the helper's option cannot carry are left out. */
    @NonNull
    static List<String> redacted(@NonNull String variable) {
        List<String> names = new ArrayList<>();
        for (String name : variable.split(",")) {
            if (!name.isBlank()) {
                names.add(name);
            }
        }
        return names;
    }
}

package io.jenkins.plugins.hardenrunner.launch;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How a command line changes so that the helper runs it. Free of Jenkins types, so that it can be tested alone. */
final class LaunchPlan {
    /** Id of the flow node that launches; put there by {@link StepTagger}, taken out again before the launch. */
    static final String STEP_VARIABLE = "HARDEN_RUNNER_STEP";
    /** Comma-separated names of the variables whose values are secret; as above. */
    static final String REDACT_VARIABLE = "HARDEN_RUNNER_REDACT";

    private static final String OUTPUT_GRACE_SECONDS = "2";
    private static final Pattern DURABLE_RESULT = Pattern.compile("'([^']*/durable-[0-9a-f]+)/jenkins-result\\.txt'");

    private LaunchPlan() {}

    /** The helper's own arguments, up to and including {@code --}. */
    @NonNull
    static List<String> prefix(
            @NonNull String helper,
            @NonNull String policyFile,
            @NonNull String eventFile,
            @NonNull Map<String, String> tags,
            @NonNull Collection<String> redacted,
            @NonNull List<String> ending) {
        List<String> prefix = new ArrayList<>(List.of(helper, "run", "--policy", policyFile, "--events", eventFile));
        tags.forEach((key, value) -> {
            prefix.add("--tag");
            prefix.add(key + "=" + value);
        });
        if (!redacted.isEmpty()) {
            prefix.add("--redact-env");
            prefix.add(String.join(",", redacted));
        }
        prefix.addAll(ending);
        prefix.add("--");
        return prefix;
    }

    /**
     * The helper's options for how a command ends.
     *
     * <p>Whoever waits for a command reads its output until nobody can write to it any more, so that a process that is
     * left behind would hold the build; Jenkins itself gives up on it after ten seconds. Nobody waits for durable-task's
     * wrapper: if the helper refuses to start it, this must show where the step looks for the script's output and status.
     */
    @NonNull
    static List<String> ending(@NonNull String[] environment, @NonNull List<String> command) {
        if (!isDurableWrapper(environment)) {
            return List.of("--output-grace", OUTPUT_GRACE_SECONDS);
        }
        Matcher result = DURABLE_RESULT.matcher(command.isEmpty() ? "" : command.get(command.size() - 1));
        if (!result.find()) {
            return List.of(); // not the shell wrapper; a refusal shows when its launch leaves no evidence
        }
        String folder = result.group(1).replace("$$", "$");
        return List.of("--refusal-log", folder + "/jenkins-log.txt", "--refusal-status", folder + "/jenkins-result.txt");
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

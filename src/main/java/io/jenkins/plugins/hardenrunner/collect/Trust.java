package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.EnvVars;
import hudson.model.Cause;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.IOException;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Whether a build's own code is that of a branch which somebody has merged. */
final class Trust {
    private static final Logger LOGGER = Logger.getLogger(Trust.class.getName());

    /** Of workflow-cps, which need not be installed: a replay runs a script that somebody edited by hand. */
    private static final String REPLAY = "org.jenkinsci.plugins.workflow.cps.replay.ReplayCause";

    /** What plugins that build change requests in ordinary jobs set, beside what multibranch projects set. */
    private static final Map<String, String> CHANGE_REQUESTS = Map.of(
            "CHANGE_ID", "a change request",
            "ghprbPullId", "a pull request",
            "BITBUCKET_PULL_REQUEST_ID", "a pull request",
            "gitlabMergeRequestIid", "a merge request");

    private Trust() {}

    /** Why the build must not teach a baseline; empty if nothing speaks against it. */
    @NonNull
    static String doubt(@NonNull Run<?, ?> run, @NonNull BaselineSource source, @NonNull TaskListener listener)
            throws InterruptedException {
        if (source.changeRequest()) {
            return "a change request never teaches";
        }
        for (Cause cause : run.getCauses()) {
            if (cause.getClass().getName().equals(REPLAY)) {
                return "the build is a replay, whose script is not that of its branch";
            }
        }
        try {
            EnvVars environment = run.getEnvironment(listener);
            for (Map.Entry<String, String> variable : CHANGE_REQUESTS.entrySet()) {
                if (!environment.getOrDefault(variable.getKey(), "").isEmpty()) {
                    return "the build is of " + variable.getValue() + " (" + variable.getKey() + " is set)";
                }
            }
            // Gerrit builds what was merged with the same parameters as what was proposed.
            boolean merged = environment.getOrDefault("GERRIT_EVENT_TYPE", "").matches("ref-updated|change-merged");
            return environment.containsKey("GERRIT_CHANGE_NUMBER") && !merged ? "the build is of a Gerrit change" : "";
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, e, () -> "the environment of " + run + " cannot be read");
            return "it is not known what the build is of: " + e.getMessage();
        }
    }
}

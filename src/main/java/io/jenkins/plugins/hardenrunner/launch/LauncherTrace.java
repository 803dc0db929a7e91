package io.jenkins.plugins.hardenrunner.launch;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Launcher;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds out whether a launcher that hides what is beneath it passes commands on to ours: it is asked to start a command
 * that does nothing, and ours, if it is asked in turn, recognises that and starts nothing.
 */
final class LauncherTrace {
    private static final String PREFIX = "harden-runner-trace-";
    private static final Set<String> PENDING = ConcurrentHashMap.newKeySet();

    private LauncherTrace() {}

    static boolean reachesOurs(@NonNull Launcher launcher) throws IOException {
        String mark = PREFIX + UUID.randomUUID();
        PENDING.add(mark);
        try {
            launcher.launch().cmds("true", mark).quiet(true).start();
            return false;
        } catch (Reached e) {
            return true;
        } finally {
            PENDING.remove(mark);
        }
    }

    /** Called by our launcher for each command, before anything else. */
    static void check(@NonNull List<String> command) throws Reached {
        for (String word : command) {
            if (word.startsWith(PREFIX) && PENDING.contains(word)) {
                throw new Reached();
            }
        }
    }

    /** Our launcher was asked. */
    static final class Reached extends IOException {
        private static final long serialVersionUID = 1L;

        Reached() {
            super("this command was only to find out which launchers it passes");
        }
    }
}

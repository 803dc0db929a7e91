package io.jenkins.plugins.hardenrunner.launch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Launcher;
import java.util.List;

/** What is known about launchers of other plugins that run commands inside containers. */
final class Containers {
    /**
     * Launchers that run the command somewhere else than where the launcher beneath them would: the Kubernetes one
     * never calls it, the Docker one hands it a {@code docker exec} whose processes belong to the daemon.
     */
    private static final List<String> PACKAGES = List.of(
            "org.csanchez.jenkins.plugins.kubernetes.pipeline.", "org.jenkinsci.plugins.docker.workflow.");

    private Containers() {}

    static boolean isContainer(@NonNull Launcher launcher) {
        return isContainer(launcher.getClass().getName());
    }

    static boolean isContainer(@NonNull String className) {
        return PACKAGES.stream().anyMatch(className::startsWith);
    }

    /** Whether some launcher from this one inwards runs commands in a container. */
    static boolean inContainer(@NonNull Launcher launcher) {
        for (Launcher l = launcher; ; l = ((Launcher.DecoratedLauncher) l).getInner()) {
            if (isContainer(l)) {
                return true;
            }
            if (!(l instanceof Launcher.DecoratedLauncher)) {
                return false;
            }
        }
    }

    /**
     * Why commands of this launcher would run beside the supervisor, if they would.
     *
     * @param launcher the outermost launcher, as a step gets it
     * @return null if our launcher is asked for each command, or if a launcher that we do not know hides what is
     *     beneath it (those that core makes pass on to it)
     */
    @CheckForNull
    static String escape(@NonNull Launcher launcher) {
        for (Launcher l = launcher; !(l instanceof HardenedLauncher); l = ((Launcher.DecoratedLauncher) l).getInner()) {
            if (isContainer(l)) {
                return "runs in a container that was entered inside the hardenRunner block";
            }
            if (l instanceof Launcher.LocalLauncher || l instanceof Launcher.RemoteLauncher) {
                return "has a launcher of its own";
            }
            if (!(l instanceof Launcher.DecoratedLauncher)) {
                return null;
            }
        }
        return null;
    }
}

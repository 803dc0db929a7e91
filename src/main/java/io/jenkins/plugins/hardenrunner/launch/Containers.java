package io.jenkins.plugins.hardenrunner.launch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Launcher;
import java.io.IOException;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;

/** What is known about launchers of other plugins that run commands inside containers. */
@Restricted(NoExternalUse.class) // public for tests in the Jenkins build
public final class Containers {
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

    /** Docker Pipeline hands us the {@code docker exec}, and the helper is put behind the name of the container. */
    static boolean passesOn(@NonNull String className) {
        return className.startsWith("org.jenkinsci.plugins.docker.workflow.");
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
     * @return null if our launcher is asked for each command
     * @throws IOException if a launcher that hides the one beneath it cannot be asked
     */
    @CheckForNull
    public static String escape(@NonNull Launcher launcher) throws IOException {
        for (Launcher l = launcher; !(l instanceof HardenedLauncher); l = ((Launcher.DecoratedLauncher) l).getInner()) {
            if (isContainer(l) && !passesOn(l.getClass().getName())) {
                return "runs in a container that was entered inside the hardenRunner block";
            }
            if (l instanceof Launcher.LocalLauncher || l instanceof Launcher.RemoteLauncher) {
                return "has a launcher of its own";
            }
            if (!(l instanceof Launcher.DecoratedLauncher)) {
                return LauncherTrace.reachesOurs(launcher)
                        ? null
                        : "has a launcher (" + l.getClass().getName() + ") that does not pass commands on";
            }
        }
        return null;
    }
}

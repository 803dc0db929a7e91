package io.jenkins.plugins.hardenrunner.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.remoting.VirtualChannel;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import jenkins.MasterToSlaveFileCallable;

/**
 * Installs and probes the helper on an agent, in one round trip where it is there already. The file that it acts on
 * is the folder under which {@link #FOLDER} lies: the agent's root, or a workspace's temporary folder for containers.
 */
public final class PrepareAgent extends MasterToSlaveFileCallable<PrepareAgent.Result> {
    private static final long serialVersionUID = 1L;

    /** Our folder on agents. */
    public static final String FOLDER = "harden-runner";

    /** Digest by platform. */
    private final TreeMap<String, String> digests;

    @CheckForNull
    private final byte[] helper;

    private final boolean container;
    private final boolean anew;

    /**
     * @param container whether the helper is for containers, which may have other users; what it can do there cannot
     *     be asked here
     * @param digests SHA-256 of the helper for each platform that there is one for
     * @param helper the helper for the agent's platform, if {@link Result#needsHelper} was set by an earlier try
     * @param anew whether the helper is to look again, after a change of the machine, or may repeat itself
     */
    public PrepareAgent(
            @NonNull Map<String, String> digests, @CheckForNull byte[] helper, boolean container, boolean anew) {
        this.container = container;
        this.anew = anew;
        this.digests = new TreeMap<>(digests);
        this.helper = helper == null ? null : helper.clone();
    }

    @Override
    public Result invoke(File root, VirtualChannel channel) throws IOException, InterruptedException {
        Result result = new Result();
        result.platform = Platform.current();
        String sha256 = result.platform == null ? null : digests.get(result.platform);
        if (sha256 == null) {
            result.unsupported = Platform.unsupported();
            return result;
        }
        // An agent that has not built yet need not have its root.
        Files.createDirectories(root.toPath());
        // Links in the way to the agent's own root are the administrator's and fine; below it nothing is followed.
        Path folder = root.toPath().toRealPath().resolve(FOLDER);
        Path installed = InstallHelper.install(folder, container ? OwnFiles.PASSABLE : OwnFiles.PRIVATE, sha256, helper);
        if (installed == null) {
            result.needsHelper = true;
            return result;
        }
        result.helper = installed.toString();
        result.folder = folder.toString();
        result.ownPaths = OwnPaths.of(root.toPath(), System.getProperty("java.class.path", ""));
        result.writable = Writable.of(System.getProperty("user.home", ""), System.getProperty("java.io.tmpdir", ""));
        result.home = home();
        result.uid = (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        result.user = System.getProperty("user.name", "");
        result.probe = container ? null : Probe.run(installed, sha256, anew);
        return result;
    }

    /** The environment's, as the commands see it, not the password file's. */
    private static String home() {
        String home = System.getenv("HOME");
        return home == null || !home.startsWith("/") ? System.getProperty("user.home", "") : home;
    }

    /** What was found. */
    public static final class Result implements Serializable {
        private static final long serialVersionUID = 1L;

        /** The agent's platform, null if it is none of ours. */
        public @CheckForNull String platform;

        /** Why nothing can be supervised here, null if it can. */
        public @CheckForNull String unsupported;

        /** Whether to try again with the helper's bytes. */
        public boolean needsHelper;

        /** Absolute path of the helper. */
        public @CheckForNull String helper;

        /** Absolute path of our folder. */
        public @CheckForNull String folder;

        /** The agent's own files, which no build may change; absolute paths. */
        public @CheckForNull String[] ownPaths;

        /** Trees outside the workspace that builds write with good reason; absolute paths. */
        public @CheckForNull String[] writable;

        /** The home folder of the agent's user. */
        public @CheckForNull String home;

        /** The agent's user, by number and by name. */
        public int uid;

        public @CheckForNull String user;

        /** The helper's answer to {@code probe --json}; null if it has to be asked in a container. */
        public @CheckForNull String probe;
    }
}

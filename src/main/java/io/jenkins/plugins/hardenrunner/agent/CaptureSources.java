package io.jenkins.plugins.hardenrunner.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.hardenrunner.engine.source.CaptureOptions;
import io.jenkins.plugins.hardenrunner.engine.source.SourceManifest;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import jenkins.MasterToSlaveFileCallable;

/** Takes down which files of a workspace are under version control and what is in them. Acts on the workspace. */
public final class CaptureSources extends MasterToSlaveFileCallable<CaptureSources.Result> {
    private static final long serialVersionUID = 1L;

    private final ArrayList<String> globs;
    private final String known;

    /**
     * @param globs further files of interest, relative to the workspace
     * @param known the {@link Result#id} of the manifest that the caller has of this workspace; null for none
     */
    public CaptureSources(@NonNull List<String> globs, @CheckForNull String known) {
        this.globs = new ArrayList<>(globs);
        this.known = known;
    }

    @Override
    public Result invoke(File workspace, VirtualChannel channel) throws IOException, InterruptedException {
        Result result = new Result();
        if (!workspace.isDirectory()) {
            return result;
        }
        // The helper sees real paths; a workspace behind a symbolic link would protect nothing.
        Path real = workspace.toPath().toRealPath();
        LastManifests.Last last = LastManifests.of(real);
        SourceManifest manifest = SourceManifest.capture(real, options(last));
        result.notes = manifest.notes().toArray(String[]::new);
        if (last != null && last.id().equals(known) && last.globs().equals(globs) && patterns().isEmpty()
                && manifest.saysTheSame(last.manifest())) {
            result.id = known;
            return result;
        }
        result.manifest = manifest.compressed();
        result.id = id(result.manifest);
        result.protect = ProtectedPaths.of(real, manifest, globs).toArray(String[]::new);
        LastManifests.put(real, new LastManifests.Last(manifest, result.id, globs));
        return result;
    }

    /** Globs match files that are in no manifest. */
    private List<String> patterns() {
        return globs.stream().filter(ProtectedPaths::isPattern).toList();
    }

    private static CaptureOptions options(LastManifests.Last last) {
        String home = System.getenv("HOME");
        return CaptureOptions.DEFAULTS.previous(last == null ? null : last.manifest())
                .home(home == null || !home.startsWith("/") ? null : Path.of(home));
    }

    private static String id(byte[] manifest) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(manifest));
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("every Java platform has SHA-256", e);
        }
    }

    /**
     * The manifest, compressed, and the absolute paths that a policy should protect. Both are empty if the caller has them:
     * then {@link #id} is the one that it named.
     */
    public static final class Result implements Serializable {
        private static final long serialVersionUID = 1L;

        public @NonNull byte[] manifest = {};

        /** Names the manifest; empty if there is no workspace. */
        public @NonNull String id = "";

        public @NonNull String[] protect = {};

        /** What could not be taken down, and why. */
        public @NonNull String[] notes = {};
    }
}

package io.jenkins.plugins.hardenrunner.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.hardenrunner.engine.source.CaptureOptions;
import io.jenkins.plugins.hardenrunner.engine.source.SourceManifest;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serializable;
import java.lang.ref.SoftReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPOutputStream;
import jenkins.MasterToSlaveFileCallable;

/** Takes down which files of a workspace are under version control and what is in them. Acts on the workspace. */
public final class CaptureSources extends MasterToSlaveFileCallable<CaptureSources.Result> {
    private static final long serialVersionUID = 1L;

    /**
     * The newest manifest of each workspace, so that the next block need not read again what nobody wrote to. It is in
     * the memory of the agent, where a build cannot reach it, and given up when memory is short.
     */
    private static final Map<String, SoftReference<SourceManifest>> LAST = new ConcurrentHashMap<>();

    private final ArrayList<String> globs;

    /** @param globs further files of interest, relative to the workspace */
    public CaptureSources(@NonNull List<String> globs) {
        this.globs = new ArrayList<>(globs);
    }

    @Override
    public Result invoke(File workspace, VirtualChannel channel) throws IOException, InterruptedException {
        Result result = new Result();
        if (!workspace.isDirectory()) {
            return result;
        }
        // The helper sees real paths; a workspace behind a symbolic link would protect nothing.
        Path real = workspace.toPath().toRealPath();
        SourceManifest manifest = SourceManifest.capture(real, options(real));
        LAST.put(real.toString(), new SoftReference<>(manifest));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            manifest.write(out);
        }
        result.manifest = bytes.toByteArray();
        result.protect = ProtectedPaths.of(real, manifest, globs).toArray(String[]::new);
        result.notes = manifest.notes().toArray(String[]::new);
        return result;
    }

    private static CaptureOptions options(Path workspace) {
        SoftReference<SourceManifest> last = LAST.get(workspace.toString());
        String home = System.getenv("HOME");
        return CaptureOptions.DEFAULTS.previous(last == null ? null : last.get())
                .home(home == null || !home.startsWith("/") ? null : Path.of(home));
    }

    /** The manifest, compressed, and the absolute paths that a policy should protect. */
    public static final class Result implements Serializable {
        private static final long serialVersionUID = 1L;

        public @NonNull byte[] manifest = {};
        public @NonNull String[] protect = {};

        /** What could not be taken down, and why. */
        public @NonNull String[] notes = {};
    }
}

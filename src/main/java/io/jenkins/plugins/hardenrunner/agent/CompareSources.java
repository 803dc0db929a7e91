package io.jenkins.plugins.hardenrunner.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.hardenrunner.engine.policy.Redaction;
import io.jenkins.plugins.hardenrunner.engine.redact.Redactor;
import io.jenkins.plugins.hardenrunner.engine.source.SourceChange;
import io.jenkins.plugins.hardenrunner.engine.source.SourceManifest;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.TreeSet;
import jenkins.MasterToSlaveFileCallable;

/** Compares a workspace with what {@link CaptureSources} took down. Acts on the workspace. */
public final class CompareSources extends MasterToSlaveFileCallable<CompareSources.Result> {
    private static final long serialVersionUID = 1L;

    private final String id;
    private final byte[] manifest;
    private final TreeSet<String> touched;
    private final ArrayList<String> secrets;
    private final Redaction redaction;

    /**
     * @param id of the manifest, which the agent may still have
     * @param manifest its bytes; null to try without them, which spares sending them
     * @param touched absolute paths that were opened for writing; their content is read even if nothing else tells
     * @param secrets values that must not leave the agent in differences; it has had them in environments
     */
    public CompareSources(
            @NonNull String id,
            @CheckForNull byte[] manifest,
            @NonNull Collection<String> touched,
            @NonNull Collection<String> secrets,
            @NonNull Redaction redaction) {
        this.id = id;
        this.manifest = manifest == null ? null : manifest.clone();
        this.touched = new TreeSet<>(touched);
        this.secrets = new ArrayList<>(secrets);
        this.redaction = redaction;
    }

    @Override
    public Result invoke(File workspace, VirtualChannel channel) throws IOException, InterruptedException {
        Result result = new Result();
        SourceManifest before = before(workspace);
        result.compared = before != null;
        if (before != null) {
            Redactor redactor = new Redactor(secrets, redaction);
            before.compareTouched(touched).forEach(change -> result.changes.add(change.withTexts(redactor::apply)));
        }
        return result;
    }

    private SourceManifest before(File workspace) throws IOException {
        if (manifest != null) {
            return SourceManifest.decompressed(manifest);
        }
        if (!workspace.isDirectory()) {
            return null;
        }
        LastManifests.Last last = LastManifests.of(workspace.toPath().toRealPath());
        return last != null && last.id().equals(id) ? last.manifest() : null;
    }

    /** What changed, unless the agent does not have the manifest any more and has to be sent it. */
    public static final class Result implements Serializable {
        private static final long serialVersionUID = 1L;

        public boolean compared;
        public @NonNull ArrayList<SourceChange> changes = new ArrayList<>();
    }
}

package io.jenkins.plugins.hardenrunner.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.remoting.VirtualChannel;
import io.jenkins.plugins.hardenrunner.engine.source.SourceChange;
import io.jenkins.plugins.hardenrunner.engine.source.SourceManifest;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import jenkins.MasterToSlaveFileCallable;

/** Compares a workspace with what {@link CaptureSources} took down. Acts on the workspace. */
public final class CompareSources extends MasterToSlaveFileCallable<List<SourceChange>> {
    private static final long serialVersionUID = 1L;

    private final byte[] manifest;
    private final TreeSet<String> touched;

    /** @param touched absolute paths that were opened for writing; their content is read even if nothing else tells */
    public CompareSources(@NonNull byte[] manifest, @NonNull Collection<String> touched) {
        this.manifest = manifest.clone();
        this.touched = new TreeSet<>(touched);
    }

    @Override
    public List<SourceChange> invoke(File workspace, VirtualChannel channel) throws IOException, InterruptedException {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(manifest))) {
            return new ArrayList<>(SourceManifest.read(in).compareTouched(touched));
        }
    }
}

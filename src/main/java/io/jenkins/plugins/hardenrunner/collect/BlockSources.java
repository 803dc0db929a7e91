package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import hudson.FilePath;
import io.jenkins.plugins.hardenrunner.agent.CaptureSources;
import io.jenkins.plugins.hardenrunner.agent.CompareSources;
import io.jenkins.plugins.hardenrunner.engine.policy.FilePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.Redaction;
import io.jenkins.plugins.hardenrunner.engine.report.ReportBuilder;
import io.jenkins.plugins.hardenrunner.engine.source.SourceManifest;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;

/**
 * The sources in the workspaces of a block as they were before its first command. They are kept on the controller:
 * on the agent the build could rewrite them to fit.
 */
public final class BlockSources {
    private static final Logger LOGGER = Logger.getLogger(BlockSources.class.getName());

    /** Leaves room for rules in the 64 MiB of a policy file. */
    private static final long MAX_PROTECT_BYTES = 48L << 20;

    /** Files of the store: this, a number, and the manifest's id. */
    private static final String MANIFEST = "sources-";

    private static final Pattern ID = Pattern.compile("[0-9a-f]{64}");

    private final BlockStore store;
    private final Map<String, List<String>> protect = new HashMap<>();
    private SoftReference<List<SourceManifest>> parsed = new SoftReference<>(null);

    BlockSources(@NonNull BlockStore store) {
        this.store = store;
    }

    /**
     * Takes down the sources of a workspace unless that was done, and returns the absolute paths to protect in it.
     *
     * @throws AbortException if the policy is to refuse changes and cannot name all that it has to protect
     */
    @NonNull
    public synchronized List<String> capture(
            @NonNull OpenBlock block, @NonNull String node, @NonNull FilePath workspace)
            throws IOException, InterruptedException {
        String key = node + "\t" + workspace.getRemote();
        List<String> known = protect.get(key);
        if (known != null) {
            return known;
        }
        CaptureSources.Result kept = ManifestCache.INSTANCE.get(key);
        CaptureSources.Result result =
                workspace.act(new CaptureSources(block.spec().policy().protectedGlobs(), kept == null ? null : kept.id));
        if (kept != null && kept.id.equals(result.id)) {
            result = kept;
        } else if (result.manifest.length > 0) {
            if (!ID.matcher(result.id).matches()) {
                // It becomes part of a file name, and an agent may be anybody's.
                throw new IOException("the agent named its manifest '" + result.id + "', which is no digest");
            }
            ManifestCache.INSTANCE.put(key, result);
        }
        for (String note : result.notes) {
            block.incomplete("sources", note);
        }
        List<String> paths = fit(block, workspace, Arrays.asList(result.protect));
        protect.put(key, paths);
        List<String[]> workspaces = store.workspaces().read();
        boolean stored = workspaces.stream().anyMatch(line -> line[0].equals(node) && line[1].equals(workspace.getRemote()));
        if (!stored && result.manifest.length > 0) {
            // After a restart the first manifest stays: commands of this block have run since.
            String file = MANIFEST + (workspaces.size() + 1) + "-" + result.id;
            Files.write(store.file(file), result.manifest);
            store.workspaces().append(node, workspace.getRemote(), file);
        }
        return paths;
    }

    /** A policy file has an upper size. Changes of sources are found by their content at the end in any case. */
    private static List<String> fit(OpenBlock block, FilePath workspace, List<String> paths) throws IOException {
        long size = 0;
        for (String path : paths) {
            size += "protect \n".length();
            for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
                size += b > ' ' && b != '%' && b != 0x7f ? 1 : 3;
            }
        }
        if (size <= MAX_PROTECT_BYTES) {
            return paths;
        }
        String reason = paths.size() + " files in " + workspace.getRemote() + " are more than a policy can name";
        if (block.spec().policy().filePolicy() == FilePolicy.BLOCK) {
            throw new AbortException("Harden Runner: filePolicy 'block': " + reason + "; use filePolicy 'audit', which compares all of them at the end");
        }
        block.incomplete("sources", reason + ": changes are found at the end of the block, without who made them");
        return List.of();
    }

    /** Whether an absolute path is one of the sources of this block, by the manifests that are stored. */
    @NonNull
    Predicate<String> tracked() throws IOException {
        List<SourceManifest> manifests = manifests();
        return path -> manifests.stream().anyMatch(manifest -> manifest.contains(path));
    }

    /** Whether an absolute path lies in git's own folders, whose contents are compared at the end. */
    @NonNull
    Predicate<String> covered() throws IOException {
        List<SourceManifest> manifests = manifests();
        return path -> manifests.stream().anyMatch(manifest -> manifest.covers(path));
    }

    /** A report is made every few seconds while the block runs, so that what was read is kept as long as there is room. */
    private synchronized List<SourceManifest> manifests() throws IOException {
        List<String[]> workspaces = store.workspaces().read();
        List<SourceManifest> manifests = parsed.get();
        if (manifests == null || manifests.size() != workspaces.size()) {
            manifests = new ArrayList<>();
            for (String[] line : workspaces) {
                manifests.add(SourceManifest.decompressed(Files.readAllBytes(store.file(line[2]))));
            }
            parsed = new SoftReference<>(manifests);
        }
        return manifests;
    }

    /** Compares each workspace with what was taken down, and tells the report. */
    void compare(@NonNull OpenBlock block, @NonNull ReportBuilder report) throws IOException, InterruptedException {
        for (String[] line : store.workspaces().read()) {
            FilePath workspace = Agents.folder(line[0], line[1]);
            try {
                if (workspace == null) {
                    throw new IOException("the agent is not connected");
                }
                List<String> touched = new ArrayList<>(report.touchedPaths());
                String id = line[2].substring(line[2].lastIndexOf('-') + 1);
                List<String> secrets = block.secrets().values();
                Redaction redaction = block.spec().redaction();
                CompareSources.Result result = workspace.act(new CompareSources(id, null, touched, secrets, redaction));
                if (!result.compared) {
                    // The agent was started anew, or another block of the workspace began meanwhile.
                    byte[] manifest = Files.readAllBytes(store.file(line[2]));
                    result = workspace.act(new CompareSources(id, manifest, touched, secrets, redaction));
                }
                report.sourceChanges(result.changes);
            } catch (IOException e) {
                LOGGER.log(Level.FINE, e, () -> "cannot compare sources in " + line[1]);
                block.incomplete("sources in " + line[1], "they could not be compared at the end: " + e.getMessage());
            }
        }
    }
}

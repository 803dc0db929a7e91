package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.FilePath;
import io.jenkins.plugins.hardenrunner.agent.CaptureSources;
import io.jenkins.plugins.hardenrunner.agent.CompareSources;
import io.jenkins.plugins.hardenrunner.engine.report.ReportBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The sources in the workspaces of a block as they were before its first command. They are kept on the controller:
 * on the agent the build could rewrite them to fit.
 */
public final class BlockSources {
    private static final Logger LOGGER = Logger.getLogger(BlockSources.class.getName());

    private final BlockStore store;
    private final Map<String, List<String>> protect = new HashMap<>();

    BlockSources(@NonNull BlockStore store) {
        this.store = store;
    }

    /**
     * Takes down the sources of a workspace unless that was done, and returns the absolute paths to protect in it.
     *
     * @param globs further files of interest, relative to the workspace
     */
    @NonNull
    public synchronized List<String> capture(
            @NonNull String node, @NonNull FilePath workspace, @NonNull List<String> globs)
            throws IOException, InterruptedException {
        String key = node + "\t" + workspace.getRemote();
        List<String> known = protect.get(key);
        if (known != null) {
            return known;
        }
        CaptureSources.Result result = workspace.act(new CaptureSources(globs));
        List<String> paths = Arrays.asList(result.protect);
        protect.put(key, paths);
        List<String[]> workspaces = store.workspaces().read();
        boolean stored = workspaces.stream().anyMatch(line -> line[0].equals(node) && line[1].equals(workspace.getRemote()));
        if (!stored && result.manifest.length > 0) {
            // After a restart the first manifest stays: commands of this block have run since.
            String file = "sources-" + (workspaces.size() + 1) + ".gz";
            Files.write(store.file(file), result.manifest);
            store.workspaces().append(node, workspace.getRemote(), file);
        }
        return paths;
    }

    /** Compares each workspace with what was taken down, and tells the report. */
    void compare(@NonNull OpenBlock block, @NonNull ReportBuilder report) throws IOException, InterruptedException {
        for (String[] line : store.workspaces().read()) {
            FilePath workspace = Agents.folder(line[0], line[1]);
            try {
                if (workspace == null) {
                    throw new IOException("the agent is not connected");
                }
                byte[] manifest = Files.readAllBytes(store.file(line[2]));
                report.sourceChanges(workspace.act(new CompareSources(manifest, new ArrayList<>(report.touchedPaths()))));
            } catch (IOException e) {
                LOGGER.log(Level.FINE, e, () -> "cannot compare sources in " + line[1]);
                block.incomplete("sources in " + line[1], "they could not be compared at the end: " + e.getMessage());
            }
        }
    }
}

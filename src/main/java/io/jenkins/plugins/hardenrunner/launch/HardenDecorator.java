package io.jenkins.plugins.hardenrunner.launch;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Launcher;
import hudson.LauncherDecorator;
import hudson.model.Node;
import io.jenkins.plugins.hardenrunner.collect.OpenBlock;
import io.jenkins.plugins.hardenrunner.collect.OpenBlocks;
import java.io.IOException;
import java.io.Serializable;

/** Puts {@link HardenedLauncher} around the launcher of each step in a block. Saved with the running build. */
public final class HardenDecorator extends LauncherDecorator implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String runId;
    private final String blockId;

    public HardenDecorator(@NonNull String runId, @NonNull String blockId) {
        this.runId = runId;
        this.blockId = blockId;
    }

    @NonNull
    @Override
    public Launcher decorate(@NonNull Launcher launcher, @NonNull Node node) {
        return new HardenedLauncher(launcher, node, this::block);
    }

    private OpenBlock block() throws IOException {
        OpenBlock block = OpenBlocks.find(runId, blockId);
        if (block == null) {
            // Fail closed: without its block nobody knows what this command may do.
            throw new IOException("Harden Runner: block " + blockId + " of " + runId
                    + " is not open any more; the command was not started");
        }
        return block;
    }
}

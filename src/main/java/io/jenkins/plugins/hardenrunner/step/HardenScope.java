package io.jenkins.plugins.hardenrunner.step;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.Serializable;

/** Stands in the context of every step inside a {@code hardenRunner} block. Saved with the running build. */
public final class HardenScope implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String runId;
    private final String blockId;

    HardenScope(@NonNull String runId, @NonNull String blockId) {
        this.runId = runId;
        this.blockId = blockId;
    }

    /** The build, as {@link hudson.model.Run#getExternalizableId()} names it. */
    @NonNull
    public String getRunId() {
        return runId;
    }

    /** The block within the build. */
    @NonNull
    public String getBlockId() {
        return blockId;
    }
}

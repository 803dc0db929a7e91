package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The blocks that are open in this Jenkins, by their ids. */
public final class OpenBlocks {
    private static final Map<String, OpenBlock> OPEN = new ConcurrentHashMap<>();
    private static final SecureRandom RANDOM = new SecureRandom();

    private OpenBlocks() {}

    /** A new block's id: 16 hexadecimal digits, different on every controller that shares an agent. */
    @NonNull
    public static String newId() {
        byte[] id = new byte[8];
        RANDOM.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    /** Opens a block and saves what was decided about it. */
    @NonNull
    public static OpenBlock open(@NonNull Run<?, ?> run, @NonNull BlockSpec spec) throws IOException {
        OpenBlock block = OpenBlock.create(run, spec);
        OPEN.put(spec.id, block);
        return block;
    }

    /** Opens a block again that a restart of Jenkins has left open; null if it never was or has ended. */
    @CheckForNull
    public static OpenBlock resume(@NonNull Run<?, ?> run, @NonNull String blockId) throws IOException {
        OpenBlock block = OpenBlock.load(run, blockId);
        if (block != null) {
            OPEN.put(blockId, block);
        }
        return block;
    }

    /**
     * An open block, also one that was open before a restart; null if there is none.
     *
     * @param runId the build as it was called when the block was opened; it is asked only for blocks that nobody has
     *     resumed yet, since the job may have been renamed meanwhile
     */
    @CheckForNull
    public static OpenBlock find(@NonNull String runId, @NonNull String blockId) throws IOException {
        OpenBlock open = OPEN.get(blockId);
        if (open != null) {
            return open;
        }
        Run<?, ?> run;
        // Launchers work as whoever runs the build, who need not see the job.
        try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
            run = Run.fromExternalizableId(runId);
        }
        return run == null ? null : find(run, blockId);
    }

    @CheckForNull
    private static OpenBlock find(Run<?, ?> run, String blockId) throws IOException {
        OpenBlock open = OPEN.get(blockId);
        if (open != null) {
            return open;
        }
        OpenBlock loaded = OpenBlock.load(run, blockId);
        if (loaded == null) {
            return null;
        }
        OpenBlock earlier = OPEN.putIfAbsent(blockId, loaded);
        return earlier == null ? loaded : earlier;
    }

    /** The blocks of a build that have not ended, also those that were open before a restart. */
    @NonNull
    public static List<OpenBlock> open(@NonNull Run<?, ?> run) throws IOException {
        List<OpenBlock> blocks = new ArrayList<>();
        for (String id : BlockStore.ids(run)) {
            OpenBlock block = find(run, id);
            if (block != null) {
                blocks.add(block);
            }
        }
        return blocks;
    }

    /** The open blocks of a build that runs, without a look at the disk. */
    @NonNull
    static List<OpenBlock> ofRunning(@NonNull Run<?, ?> run) {
        return OPEN.values().stream().filter(block -> block.run() == run).toList();
    }

    static boolean isOpen(@NonNull OpenBlock block) {
        return OPEN.get(block.id()) == block;
    }

    static void close(@NonNull OpenBlock block) {
        OPEN.remove(block.id(), block);
    }
}

package io.jenkins.plugins.hardenrunner.launch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.collect.OpenBlock;
import java.io.IOException;
import java.util.Collections;
import java.util.List;

/**
 * The launch that an inner block hands to the launchers beneath its own. A process takes one supervisor, so the
 * launcher of an outer block has to let that command pass; the inner block's policy holds the outer one's.
 *
 * <p>Nothing in the command or its environment says so, since a Pipeline could write the same there. Known is only the
 * command line that this thread is about to launch with the prefix of a launch that was armed.
 */
final class InnerLaunch {
    private static final ThreadLocal<Current> CURRENT = new ThreadLocal<>();

    private InnerLaunch() {}

    private record Current(@CheckForNull OpenBlock block, List<String> prefix) {}

    /** Something that launches. */
    @FunctionalInterface
    interface Action<T> {
        T run() throws IOException, InterruptedException;
    }

    /**
     * Runs an action in which launches with this prefix are supervised already.
     *
     * @param block the block that supervises them; null if the prefix is the helper's own, which needs no supervision
     */
    static <T> T during(@CheckForNull OpenBlock block, @NonNull List<String> prefix, @NonNull Action<T> action)
            throws IOException, InterruptedException {
        Current before = CURRENT.get();
        CURRENT.set(new Current(block, prefix));
        try {
            return action.run();
        } finally {
            if (before == null) {
                CURRENT.remove();
            } else {
                CURRENT.set(before);
            }
        }
    }

    /** Whether an inner block supervises this command. */
    static boolean supervises(@NonNull List<String> command) {
        Current current = CURRENT.get();
        return current != null && Collections.indexOfSubList(command, current.prefix()) >= 0;
    }

    /** The block that supervises what is being launched. */
    @CheckForNull
    static OpenBlock block() {
        Current current = CURRENT.get();
        return current == null ? null : current.block();
    }
}

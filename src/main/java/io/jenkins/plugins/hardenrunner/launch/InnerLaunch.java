package io.jenkins.plugins.hardenrunner.launch;

import edu.umd.cs.findbugs.annotations.NonNull;
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
    private static final ThreadLocal<List<String>> PREFIX = new ThreadLocal<>();

    private InnerLaunch() {}

    /** Something that launches. */
    @FunctionalInterface
    interface Action<T> {
        T run() throws IOException, InterruptedException;
    }

    /** Runs an action in which launches with this prefix are supervised already. */
    static <T> T during(@NonNull List<String> prefix, @NonNull Action<T> action) throws IOException, InterruptedException {
        List<String> before = PREFIX.get();
        PREFIX.set(prefix);
        try {
            return action.run();
        } finally {
            if (before == null) {
                PREFIX.remove();
            } else {
                PREFIX.set(before);
            }
        }
    }

    /** Whether an inner block supervises this command. */
    static boolean supervises(@NonNull List<String> command) {
        List<String> prefix = PREFIX.get();
        return prefix != null && Collections.indexOfSubList(command, prefix) >= 0;
    }
}

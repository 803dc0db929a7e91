package io.jenkins.plugins.hardenrunner.launch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.AbortException;
import io.jenkins.plugins.hardenrunner.collect.OpenBlock;
import java.io.IOException;
import java.util.Set;

/** Says which block the commands of a launcher belong to. Asked anew for each command. */
@FunctionalInterface
public interface BlockSource {
    /**
     * The block; null if commands are not to be supervised now, as before a freestyle build has entered its wrapper.
     *
     * @throws IOException if there should be a block and it cannot be found; the command does not start then
     */
    @CheckForNull
    OpenBlock block() throws IOException;

    /**
     * Called instead for a command that a block nested in this one supervises already.
     *
     * @throws AbortException if the command must not start, because that block is less strict than this one demands
     */
    default void admit(@NonNull OpenBlock inner) throws AbortException {}

    /** Names of variables whose values are secret, besides those that the environment itself tells. */
    @NonNull
    default Set<String> sensitiveVariables() {
        return Set.of();
    }
}

package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.NonNull;

/**
 * One command that was started under the helper, as the controller remembers it.
 *
 * @param id {@code l-1}, {@code l-2}, … within the block
 * @param nonce seed of the event chain, in hexadecimal
 * @param node name of the agent, empty for the built-in node
 * @param folder absolute path of our folder on that agent
 * @param step id of the flow node that launched it, empty if unknown
 * @param wrapper whether the command only starts the step's own command in the background, as that of {@code sh} does
 * @param time milliseconds since 1970
 */
public record Launch(
        @NonNull String id,
        @NonNull String nonce,
        @NonNull String node,
        @NonNull String folder,
        @NonNull String step,
        boolean wrapper,
        long time) {}

package io.jenkins.plugins.hardenrunner.engine.report;

import java.util.List;
import java.util.Objects;

/**
 * What the caller knows about a launch before its events are read.
 *
 * @param id unique in the report
 * @param step the step that started it, or null
 * @param stage the stage around it, or null
 * @param node the agent, or null
 * @param nonce the nonce that stood in its policy file; null if the file's own has to be believed
 * @param running whether processes of the launch still run, so that the closing record cannot be there yet
 * @param wrapped null if the launch ran the user's command itself; the user's command (empty if it is not known) if
 *     the launch was a wrapper that only starts it in the background, whose own status says nothing about it
 */
public record LaunchInfo(
        String id, String step, String stage, String node, String nonce, boolean running, List<String> wrapped) {
    public LaunchInfo {
        Objects.requireNonNull(id, "id");
        wrapped = wrapped == null ? null : List.copyOf(wrapped);
    }

    /** A launch of the command itself that is over. */
    public LaunchInfo(String id, String step, String stage, String node, String nonce) {
        this(id, step, stage, node, nonce, false, null);
    }

    /** The same launch with processes that still run. */
    public LaunchInfo withRunning(boolean value) {
        return new LaunchInfo(id, step, stage, node, nonce, value, wrapped);
    }

    /** The same launch through a wrapper around a command. */
    public LaunchInfo withWrapped(List<String> command) {
        return new LaunchInfo(id, step, stage, node, nonce, running, command);
    }
}

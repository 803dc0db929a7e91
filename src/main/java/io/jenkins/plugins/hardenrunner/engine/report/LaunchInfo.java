package io.jenkins.plugins.hardenrunner.engine.report;

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
 */
public record LaunchInfo(String id, String step, String stage, String node, String nonce, boolean running) {
    public LaunchInfo {
        Objects.requireNonNull(id, "id");
    }

    /** A launch that is over. */
    public LaunchInfo(String id, String step, String stage, String node, String nonce) {
        this(id, step, stage, node, nonce, false);
    }

    /** The same launch with processes that still run. */
    public LaunchInfo withRunning(boolean value) {
        return new LaunchInfo(id, step, stage, node, nonce, value);
    }
}

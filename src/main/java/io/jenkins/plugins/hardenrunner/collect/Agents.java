package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.FilePath;
import hudson.model.Computer;
import hudson.model.Node;
import jenkins.model.Jenkins;

/** Finds folders on agents by the agent's name. */
final class Agents {
    private Agents() {}

    /** An agent's name in messages. */
    @NonNull
    static String shown(@NonNull String node) {
        return node.isEmpty() ? "the built-in node" : "agent '" + node + "'";
    }

    /** Since when an agent has been connected without a break, in milliseconds since 1970; 0 if it is not. */
    static long connectedSince(@NonNull String node) {
        Computer computer = node.isEmpty() ? null : Jenkins.get().getComputer(node);
        // Not isOffline: an agent that is marked offline takes no new builds, and goes on with those that it has.
        return computer == null || computer.getChannel() == null ? 0 : Connections.get().since(computer);
    }

    /** A folder on an agent that may be gone meanwhile; null if it is not connected. */
    @CheckForNull
    static FilePath folder(@NonNull String node, @NonNull String path) {
        Jenkins jenkins = Jenkins.get();
        Node found = node.isEmpty() ? jenkins : jenkins.getNode(node);
        return found == null ? null : found.createPath(path);
    }
}

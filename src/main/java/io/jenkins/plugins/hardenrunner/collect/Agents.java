package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.FilePath;
import hudson.model.Node;
import jenkins.model.Jenkins;

/** Finds folders on agents by the agent's name. */
final class Agents {
    private Agents() {}

    /** A folder on an agent that may be gone meanwhile; null if it is not connected. */
    @CheckForNull
    static FilePath folder(@NonNull String node, @NonNull String path) {
        Jenkins jenkins = Jenkins.get();
        Node found = node.isEmpty() ? jenkins : jenkins.getNode(node);
        return found == null ? null : found.createPath(path);
    }
}

package io.jenkins.plugins.hardenrunner.launch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.FilePath;
import io.jenkins.plugins.hardenrunner.agent.Helper;
import io.jenkins.plugins.hardenrunner.agent.PrepareAgent;
import io.jenkins.plugins.hardenrunner.collect.AgentState;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Brings the helper to an agent and finds out what it can do there. */
public final class AgentPreparation {
    private AgentPreparation() {}

    /**
     * One round trip if the helper is there already, two otherwise.
     *
     * @param root the folder under which ours lies
     * @param container asks the helper inside a container; null if it is for the agent itself
     */
    @NonNull
    static AgentState prepare(@NonNull FilePath root, @CheckForNull ContainerProbe container) throws IOException, InterruptedException {
        PrepareAgent.Result result;
        try {
            result = ask(root, container != null, false);
        } catch (IOException e) {
            return AgentState.unsupported("the helper cannot be installed under " + root.getRemote() + ": " + message(e));
        }
        String sha256 = result.platform == null ? null : Helper.digests().get(result.platform);
        // The agent is not trusted: an answer that does not hang together is no reason to go on.
        if (result.unsupported != null || sha256 == null || result.folder == null || result.helper == null
                || result.ownPaths == null || result.writable == null) {
            return AgentState.unsupported(
                    result.unsupported != null ? result.unsupported : "the agent gave no usable answer");
        }
        String probe = result.probe;
        if (container != null) {
            try {
                probe = container.ask(result.helper);
            } catch (IOException e) {
                return AgentState.unsupported(message(e));
            }
        }
        AgentState.Answer answer = AgentState.answer(probe);
        return new AgentState(
                result.folder, result.helper, sha256, List.of(result.ownPaths), List.of(result.writable),
                container != null || result.home == null ? "" : result.home, answer.missing(), container != null && answer.uid() != result.uid, answer.off());
    }

    /**
     * The agent's answer as it is, with the helper installed.
     *
     * @param container whether the helper is for containers; it is not asked then
     * @param anew whether it is to look again, or may repeat itself
     */
    @NonNull
    public static PrepareAgent.Result ask(@NonNull FilePath root, boolean container, boolean anew)
            throws IOException, InterruptedException {
        Map<String, String> digests = Helper.digests();
        PrepareAgent.Result result = root.act(new PrepareAgent(digests, null, container, anew));
        return result.needsHelper && result.platform != null && digests.containsKey(result.platform)
                ? root.act(new PrepareAgent(digests, Helper.forPlatform(result.platform).bytes(), container, anew))
                : result;
    }

    /** What went wrong on the agent, without the wrapping that remoting adds. */
    @NonNull
    public static String message(@NonNull IOException e) {
        Throwable cause = e;
        while (cause.getCause() instanceof IOException && cause.getCause().getMessage() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}

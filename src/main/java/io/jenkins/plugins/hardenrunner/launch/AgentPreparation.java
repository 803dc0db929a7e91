package io.jenkins.plugins.hardenrunner.launch;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.FilePath;
import io.jenkins.plugins.hardenrunner.agent.Helper;
import io.jenkins.plugins.hardenrunner.agent.PrepareAgent;
import io.jenkins.plugins.hardenrunner.collect.AgentState;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Brings the helper to an agent and finds out what it can do there. */
final class AgentPreparation {
    private AgentPreparation() {}

    /**
     * One round trip if the helper is there already, two otherwise.
     *
     * @param root the folder under which ours lies
     */
    @NonNull
    static AgentState prepare(@NonNull FilePath root) throws IOException, InterruptedException {
        Map<String, String> digests = Helper.digests();
        PrepareAgent.Result result;
        try {
            result = root.act(new PrepareAgent(digests, null));
            if (result.needsHelper) {
                result = root.act(new PrepareAgent(digests, Helper.forPlatform(result.platform).bytes()));
            }
        } catch (IOException e) {
            return AgentState.unsupported("the helper cannot be installed under " + root.getRemote() + ": " + message(e));
        }
        if (result.unsupported != null) {
            return AgentState.unsupported(result.unsupported);
        }
        AgentState.Answer answer = AgentState.answer(result.probe);
        return new AgentState(
                result.folder, result.helper, digests.get(result.platform), List.of(result.ownPaths),
                List.of(result.writable), answer.missing(), answer.off());
    }

    /** What went wrong on the agent, without the wrapping that remoting adds. */
    private static String message(IOException e) {
        Throwable cause = e;
        while (cause.getCause() instanceof IOException && cause.getCause().getMessage() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage();
    }
}

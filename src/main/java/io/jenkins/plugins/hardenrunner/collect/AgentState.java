package io.jenkins.plugins.hardenrunner.collect;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.ArrayList;
import java.util.List;

/**
 * An agent that was prepared for a block.
 *
 * @param folder absolute path of our folder there
 * @param helper absolute path of the helper there
 * @param sha256 the helper's digest
 * @param ownPaths the agent's own files, which no block may write
 * @param writable trees that builds write with the file policy {@code block}
 * @param home absolute path of the home folder of the commands' user; empty if it is not known, as in containers
 * @param missing why supervision is incomplete there, one line for each missing protection; empty if it is complete
 * @param otherUser whether commands there run as another user than the agent, as in many containers
 * @param off whether nothing can be supervised there at all
 */
public record AgentState(
        @NonNull String folder,
        @NonNull String helper,
        @NonNull String sha256,
        @NonNull List<String> ownPaths,
        @NonNull List<String> writable,
        @NonNull String home,
        @NonNull List<String> missing,
        boolean otherUser,
        boolean off) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** An agent on which nothing can be supervised. */
    @NonNull
    public static AgentState unsupported(@NonNull String reason) {
        return new AgentState("", "", "", List.of(), List.of(), "", List.of(reason), false, true);
    }

    /** The same agent with one more protection missing. */
    @NonNull
    public AgentState lacking(@NonNull String reason) {
        List<String> more = new ArrayList<>(missing);
        more.add(reason);
        return new AgentState(folder, helper, sha256, ownPaths, writable, home, more, otherUser, off);
    }

    /** The first reason why supervision is incomplete. */
    @NonNull
    public String reason() {
        return String.join("; ", missing);
    }

    /** Reads the answer of {@code harden-helper probe --json}. What cannot be read counts as "nothing works". */
    @NonNull
    public static Answer answer(@CheckForNull String json) {
        try {
            JsonNode answer = JSON.readTree(json == null ? "" : json);
            String state = answer.path("state").asText();
            int uid = answer.path("uid").asInt(-1);
            List<String> missing = new ArrayList<>();
            for (JsonNode entry : answer.path("degraded")) {
                missing.add(entry.path("protection").asText() + ": " + entry.path("reason").asText());
            }
            return switch (state) {
                case "enforced" -> new Answer(List.of(), uid, false);
                case "degraded" -> new Answer(
                        missing.isEmpty() ? List.of("the helper gave no reason") : missing, uid, false);
                default -> new Answer(
                        missing.isEmpty() ? List.of("the helper reports state '" + state + "'") : missing, uid, true);
            };
        } catch (JacksonException e) {
            return new Answer(List.of("the helper's answer cannot be read: " + e.getOriginalMessage()), -1, true);
        }
    }

    /** What a helper said about its machine and user; uid is -1 if it did not say. */
    public record Answer(@NonNull List<String> missing, int uid, boolean off) {}
}

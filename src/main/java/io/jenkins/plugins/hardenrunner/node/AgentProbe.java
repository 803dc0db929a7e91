package io.jenkins.plugins.hardenrunner.node;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.agent.PrepareAgent;
import io.jenkins.plugins.hardenrunner.engine.baseline.JobSummary.Missing;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What supervision could do on an agent. The agent said so, and is not trusted: this is shown, nothing is decided by it.
 *
 * @param state {@code enforced}, {@code degraded} or {@code off}, for commands that Jenkins starts on the agent itself
 * @param missing what does not work and why; empty if all does
 * @param facts what the answer rests on, in the order in which it is shown: name and value
 * @param when it was asked
 */
public record AgentProbe(
        @NonNull String state,
        @NonNull List<Missing> missing,
        @NonNull Map<String, String> facts,
        @NonNull Instant when) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_TEXT = 500;

    /** Nothing can be supervised. */
    @NonNull
    static AgentProbe off(@NonNull String reason) {
        return new AgentProbe("off", List.of(new Missing("supervision", cut(reason))), Map.of(), now());
    }

    @NonNull
    static AgentProbe of(@NonNull PrepareAgent.Result result) {
        if (result.unsupported != null) {
            return off(result.unsupported);
        }
        JsonNode answer;
        try {
            answer = JSON.readTree(result.probe == null ? "" : result.probe);
        } catch (JacksonException e) {
            return off("the helper's answer cannot be read: " + e.getOriginalMessage());
        }
        List<Missing> missing = new ArrayList<>();
        for (JsonNode gap : answer.path("degraded")) {
            missing.add(new Missing(cut(gap.path("protection").asText()), cut(gap.path("reason").asText())));
        }
        String state = switch (answer.path("state").asText()) {
            case "enforced" -> missing.isEmpty() ? "enforced" : "degraded";
            case "degraded" -> "degraded";
            default -> "off";
        };
        return new AgentProbe(state, List.copyOf(missing), facts(answer, result.user), now());
    }

    private static Map<String, String> facts(JsonNode answer, @CheckForNull String user) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Kernel", cut(answer.path("kernel").asText()) + ", " + cut(answer.path("arch").asText()));
        facts.put("User", cut(user == null ? "" : user) + " (uid " + answer.path("uid").asInt(-1) + ")");
        facts.put("Capabilities", capabilities(names(answer, "effectiveCapabilities"), names(answer, "capabilities")));
        facts.put("seccomp", listener(answer));
        int landlock = answer.path("landlockAbi").asInt();
        facts.put("Landlock", landlock < 1 ? "not available" : "ABI " + landlock);
        facts.put("Access to supervised processes", "pidfd_getfd " + yes(answer, "pidfdGetfd")
                + (answer.path("socketsMade").asBoolean() ? " (sockets are made instead)" : "") + ", process_vm_readv "
                + yes(answer, "processVmReadv") + ", Yama ptrace_scope "
                + (answer.path("yama").asInt(-1) < 0 ? "not in the kernel" : answer.path("yama").asText()));
        facts.put("Helper", cut(answer.path("helper").asText()));
        return facts;
    }

    /** Those in force for the agent's user, and what becomes of them in a block. */
    private static String capabilities(@CheckForNull Set<String> effective, @CheckForNull Set<String> kept) {
        if (effective == null || kept == null) {
            return "not told";
        }
        if (effective.isEmpty()) {
            return "none";
        }
        Set<String> remaining = new LinkedHashSet<>(effective);
        remaining.retainAll(kept);
        Set<String> lost = new LinkedHashSet<>(effective);
        lost.removeAll(kept);
        return "a build keeps " + list(remaining) + "; it loses " + list(lost);
    }

    private static String list(Set<String> names) {
        return names.isEmpty() ? "none" : cut(String.join(", ", names));
    }

    /** Null if the helper does not tell, which is not the same as none. */
    @CheckForNull
    private static Set<String> names(JsonNode answer, String field) {
        if (!answer.path(field).isArray()) {
            return null;
        }
        Set<String> names = new LinkedHashSet<>();
        answer.path(field).forEach(name -> names.add(name.asText()));
        return names;
    }

    private static String listener(JsonNode answer) {
        return "user notification " + yes(answer, "seccompNotify") + ", killable waiting " + yes(answer, "waitKillable")
                + ", synchronous wake-up " + yes(answer, "syncWakeUp");
    }

    private static String yes(JsonNode answer, String field) {
        return answer.path(field).asBoolean() ? "yes" : "no";
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT) + "…";
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }
}

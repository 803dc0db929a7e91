package io.jenkins.plugins.hardenrunner.config;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.engine.policy.EgressPolicy;
import io.jenkins.plugins.hardenrunner.engine.recommend.GitHubAction;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.kohsuke.stapler.StaplerResponse2;

/**
 * Turns the inputs of the GitHub action, pasted into the form of a policy, into what the form's fields hold. Stores nothing,
 * and tells nothing that the text does not hold.
 */
final class GitHubImport {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST = 1 << 18;

    private GitHubImport() {}

    /** Answers {@code {egressPolicy?, endpoints: [..], ignored: [..], problems: [..]}}. */
    static void answer(@NonNull StaplerResponse2 response, @CheckForNull String pasted) throws IOException {
        String text = pasted == null ? "" : pasted;
        ObjectNode answer = JSON.createObjectNode();
        if (text.length() > LONGEST) {
            list(answer, "problems", Stream.of(Messages.GitHubImport_tooLong(text.length(), LONGEST)));
        } else {
            GitHubAction.Imported imported = GitHubAction.read(text);
            EgressPolicy mode = imported.layer().egressPolicy();
            if (mode != null) {
                answer.put("egressPolicy", mode.token());
            }
            list(answer, "endpoints", imported.layer().allowed().stream().map(Object::toString));
            list(answer, "ignored", imported.ignored().stream());
            list(answer, "problems", imported.problems().stream());
        }
        response.setContentType("application/json;charset=UTF-8");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cache-Control", "private, no-store");
        JSON.writeValue(response.getOutputStream(), answer);
    }

    private static void list(ObjectNode answer, String name, Stream<String> values) {
        List<String> all = values.distinct().toList();
        all.forEach(answer.putArray(name)::add);
    }
}

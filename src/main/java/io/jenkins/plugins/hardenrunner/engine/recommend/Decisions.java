package io.jenkins.plugins.hardenrunner.engine.recommend;

import io.jenkins.plugins.hardenrunner.engine.policy.AllowedEndpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.BlockedEndpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.Endpoint;
import java.util.List;

/**
 * What people decided about the endpoints of a block, as a recommendation has to heed it: what somebody accepted needs no
 * further look, what is unwanted or waits for a review is not allowed by pasting.
 *
 * @param accepted what a person stands for
 * @param unwanted the block list
 * @param waiting what is new and nobody has looked at
 */
public record Decisions(List<AllowedEndpoint> accepted, List<BlockedEndpoint> unwanted, List<Endpoint> waiting) {
    /** Nobody decided anything. */
    public static final Decisions NONE = new Decisions(List.of(), List.of(), List.of());

    public Decisions {
        accepted = List.copyOf(accepted);
        unwanted = List.copyOf(unwanted);
        waiting = List.copyOf(waiting);
    }

    /** The observation with the note that these decisions leave it. */
    public Recommendation.Observed of(Recommendation.Observed seen) {
        for (BlockedEndpoint entry : unwanted) {
            if (entry.endpoint().intersection(seen.endpoint()) != null) {
                return noted(seen, entry.reason().isEmpty() ? "on the job's block list" : "on the job's block list: " + entry.reason());
            }
        }
        if (accepted.stream().anyMatch(entry -> entry.endpoint().covers(seen.endpoint()))) {
            return noted(seen, null);
        }
        boolean waits = seen.note() == null && waiting.contains(seen.endpoint());
        return waits ? noted(seen, "new to the baseline, waits for a review") : seen;
    }

    private static Recommendation.Observed noted(Recommendation.Observed seen, String note) {
        return new Recommendation.Observed(seen.endpoint(), seen.count(), seen.firstSeen(), seen.lastSeen(), note);
    }
}

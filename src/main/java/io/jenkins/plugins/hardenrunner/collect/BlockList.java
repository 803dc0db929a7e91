package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.engine.policy.BlockedEndpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.Endpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import java.util.ArrayList;
import java.util.List;

/** A block list as text: endpoints separated by white space, and a reason for those of a line after {@code #}. */
public final class BlockList {
    private BlockList() {}

    /**
     * The entries, in order.
     *
     * @throws PolicyException naming the line and what is wrong in it
     */
    @NonNull
    public static List<BlockedEndpoint> parse(@NonNull String text) {
        List<BlockedEndpoint> entries = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\\R", -1)) {
            number++;
            int hash = line.indexOf('#');
            String endpoints = hash < 0 ? line : line.substring(0, hash);
            String reason = hash < 0 ? "" : line.substring(hash + 1).trim();
            if (endpoints.isBlank()) {
                if (!reason.isEmpty()) {
                    throw new PolicyException("line " + number + ": a reason without an endpoint before it");
                }
                continue;
            }
            try {
                Endpoint.parseList(endpoints).forEach(endpoint -> entries.add(new BlockedEndpoint(endpoint, reason)));
            } catch (PolicyException e) {
                throw new PolicyException("line " + number + ": " + e.getMessage(), e);
            }
        }
        return entries;
    }
}

package io.jenkins.plugins.hardenrunner.engine.baseline;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import io.jenkins.plugins.hardenrunner.engine.policy.Token;
import java.util.Locale;

/**
 * A line of the changelog.
 *
 * @param user who; null if the builds did it
 * @param block null if it concerns several
 * @param subject what, in a few words
 * @param until when an acceptance ends
 * @param build the newest build at that time
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Change(
        String time, String user, Action action, String block, String subject, String comment, String until, Integer build) {
    /** What was done. */
    public enum Action implements Token {
        /** The builds have completed the baseline. */
        LEARNED,
        /** A deviation became known. */
        ACCEPT,
        /** All that was learned was accepted. */
        ACCEPT_ALL,
        /** An endpoint went on the block list. */
        UNWANTED,
        /** An entry is no longer known, or no longer unwanted. */
        REMOVE,
        /** The baseline was forgotten. */
        RESET,
        /** Blocks were replaced by those of a document. */
        IMPORT,
        /** Blocks were copied from another job. */
        SEED;

        @Override
        @JsonValue
        public String token() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public Change {
        Acceptance.requireTime("time", time);
        if (action == null) {
            throw new IllegalArgumentException("a line of the changelog has an action");
        }
        subject = subject == null ? "" : Subject.bounded(subject, Limits.PATH);
        comment = comment == null || comment.isBlank() ? null : Acceptance.line(comment);
    }
}

package io.jenkins.plugins.hardenrunner.engine.baseline;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/**
 * That a person stands for an entry.
 *
 * @param by who, as Jenkins knows them
 * @param time when, ISO-8601
 * @param comment null if nothing was said
 * @param until the moment from which it no longer holds, ISO-8601; null if it holds for good
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Acceptance(String by, String time, String comment, String until) {
    public Acceptance {
        if (by == null || by.isBlank()) {
            throw new IllegalArgumentException("an acceptance has somebody who accepted");
        }
        requireTime("time", time);
        if (until != null) {
            requireTime("until", until);
        }
        by = line(by);
        comment = comment == null || comment.isBlank() ? null : line(comment);
    }

    /** Whether it still holds. */
    public boolean holds(Instant now) {
        return until == null || now.isBefore(Instant.parse(until));
    }

    /** In one line: it becomes the reason of a rule, and rules are kept one a line. */
    static String line(String text) {
        return Subject.bounded(text.replaceAll("[\\s\\p{Cntrl}\u2028\u2029]+", " ").strip(), Limits.TEXT);
    }

    static void requireTime(String field, String text) {
        try {
            Instant.parse(text == null ? "" : text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(field + ": '" + text + "' is no time such as 2026-12-31T23:59:59Z", e);
        }
    }
}

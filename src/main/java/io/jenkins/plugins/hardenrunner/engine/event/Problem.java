package io.jenkins.plugins.hardenrunner.engine.event;

import java.util.Locale;

/**
 * Something wrong with an event file.
 *
 * @param line from 1; 0 if the problem is with the file as a whole
 */
public record Problem(Kind kind, long line, String detail) {
    /** Whether nothing is wrong but that the file goes on, or went on, after what was read. */
    public boolean isOnlyOpen() {
        return kind == Kind.MISSING_END;
    }

    /** What can be wrong. */
    public enum Kind {
        /** Sequence numbers are missing. */
        GAP,
        /** A line is not what the chain says. */
        ALTERED,
        /** The last line has no end. */
        TRUNCATED_LINE,
        /** The file belongs to another launch. */
        FOREIGN_NONCE,
        /** The first event is not {@code start}. */
        MISSING_START,
        /** The last event is not {@code end}. */
        MISSING_END,
        /** Something follows the {@code end} event, or its count is wrong. */
        WRONG_END,
        /** A line is no JSON object with number, times, kind and hash in their places. */
        UNPARSEABLE,
        /** A line has no such kind in schema 1. */
        UNKNOWN_KIND,
        /** A line lacks a field or has one of the wrong type. */
        INVALID_EVENT,
        /** A line is longer than the format allows. */
        LONG_LINE,
        /** The file has more events or problems than the reader takes. */
        TOO_MANY,
        /** The file has a schema that this reader does not know. */
        UNKNOWN_SCHEMA;

        /** The name as it stands in reports, for example {@code missing-end}. */
        public String token() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}

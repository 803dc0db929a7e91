package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.List;

/**
 * Who decided a setting.
 *
 * @param setting the name as in configuration, such as {@code egressPolicy}
 * @param value the token that holds
 * @param overruled what other layers wanted, nearest first, if it was something else
 */
public record TraceEntry(String setting, String value, Origin origin, List<Overruled> overruled) {
    /** A value that did not win. */
    public record Overruled(String value, Origin origin) {}

    public TraceEntry {
        overruled = List.copyOf(overruled);
    }
}

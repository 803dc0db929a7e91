package io.jenkins.plugins.hardenrunner.engine.baseline;

import com.fasterxml.jackson.annotation.JsonValue;
import io.jenkins.plugins.hardenrunner.engine.policy.Token;
import java.util.Locale;

/** How far a comparison with a baseline can be relied on. */
public enum BaselineState implements Token {
    /** There is no baseline to compare with. */
    NONE,
    /** Too few builds have taught it: what it does not have says nothing yet. */
    CREATING,
    /** Complete, and unchanged for a while. */
    STABLE,
    /** Complete; a person changed it a few builds ago. */
    UNSTABLE;

    @Override
    @JsonValue
    public String token() {
        return name().toLowerCase(Locale.ROOT);
    }
}

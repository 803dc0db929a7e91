package hudson.model;

import java.io.Serializable;

public final class Result implements Serializable {
    private Result() {}

    public static final Result SUCCESS = null;
    public static final Result FAILURE = null;
    public static final Result UNSTABLE = null;
}

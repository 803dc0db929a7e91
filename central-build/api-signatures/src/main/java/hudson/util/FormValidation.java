package hudson.util;

import java.io.IOException;

public abstract class FormValidation extends IOException {
    public final Kind kind = null;

    private FormValidation() {}

    public static FormValidation error(String a) {
        throw new AssertionError();
    }

    public static FormValidation ok() {
        throw new AssertionError();
    }

    public static FormValidation ok(String a) {
        throw new AssertionError();
    }

    public static FormValidation okWithMarkup(String a) {
        throw new AssertionError();
    }

    public static FormValidation warning(String a) {
        throw new AssertionError();
    }

    public static FormValidation warningWithMarkup(String a) {
        throw new AssertionError();
    }

    public enum Kind {
        OK,
        WARNING,
        ERROR
    }
}

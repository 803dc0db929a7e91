package io.jenkins.plugins.hardenrunner.engine.policy;

/** A policy, or a part of one, that cannot be used; the message says what, where and what to write instead. */
public class PolicyException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** With a message for the person who wrote the policy. */
    public PolicyException(String message) {
        super(message);
    }

    /** With a message for the person who wrote the policy, and the failure behind it. */
    public PolicyException(String message, Throwable cause) {
        super(message, cause);
    }
}

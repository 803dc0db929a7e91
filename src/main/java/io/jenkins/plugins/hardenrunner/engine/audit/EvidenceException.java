package io.jenkins.plugins.hardenrunner.engine.audit;

import java.io.IOException;

/** Evidence, a seal or a key that is not what it must be; the message names the place and, where there is one, the remedy. */
public class EvidenceException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Says what is wrong. */
    public EvidenceException(String message) {
        super(message);
    }

    /** Says what is wrong, and what found it. */
    public EvidenceException(String message, Throwable cause) {
        super(message, cause);
    }
}

package io.jenkins.plugins.hardenrunner.cli;

/** Exit statuses of {@code harden-runner} that are not a command's own. */
final class ExitCode {
    /** Everything is as asked for. */
    static final int OK = 0;
    /** The answer is no: a difference, a broken chain, a destination that is refused. */
    static final int NO = 1;
    /** The question cannot be answered: bad usage, a file that cannot be read or does not parse. */
    static final int TROUBLE = 2;
    /** {@code run}: the command succeeded but violated the policy. */
    static final int VIOLATED = 120;
    /** {@code run}: the command was not started. */
    static final int NOT_STARTED = 125;

    private ExitCode() {}
}

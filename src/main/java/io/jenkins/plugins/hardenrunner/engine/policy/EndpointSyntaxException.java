package io.jenkins.plugins.hardenrunner.engine.policy;

/** An endpoint that does not parse. */
public final class EndpointSyntaxException extends PolicyException {
    private static final long serialVersionUID = 1L;

    private final String input;
    private final int position;
    private final String problem;
    private final String suggestion;

    EndpointSyntaxException(String input, int position, String problem, String suggestion) {
        super("endpoint '" + Text.shown(input) + "', character " + (position + 1) + ": " + problem
                + (suggestion == null ? "" : "; write '" + suggestion + "'"));
        this.input = input;
        this.position = position;
        this.problem = problem;
        this.suggestion = suggestion;
    }

    /** The same error in a longer text in which the endpoint begins at {@code offset}. */
    EndpointSyntaxException within(int offset) {
        return new EndpointSyntaxException(input, position + offset, problem, suggestion);
    }

    /** The endpoint as it was written. */
    public String input() {
        return input;
    }

    /** Where the error is, in characters from 0; for a list, from the beginning of the whole text. */
    public int position() {
        return position;
    }

    /** What is wrong, without the place. */
    public String problem() {
        return problem;
    }

    /** What was probably meant, in the endpoint grammar; null if nothing is near. */
    public String suggestion() {
        return suggestion;
    }
}

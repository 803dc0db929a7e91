package io.jenkins.plugins.hardenrunner.engine.policy;

/** A value that stands in configuration files, steps and reports under a fixed lower-case name. */
public interface Token {
    /** The name, for example {@code "block"}; {@code parse} of the same type reads it back. */
    String token();
}

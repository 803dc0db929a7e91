package io.jenkins.plugins.hardenrunner.engine.baseline;

/** Upper bounds of what builds can make a baseline grow to. Beyond them nothing is learned: it stays a deviation. */
final class Limits {
    static final int BLOCKS = 64;
    /** Endpoints of a block, and likewise its files. */
    static final int ENTRIES = 2_000;
    static final int DEVIATIONS = 500;
    static final int UNWANTED = 500;
    static final int PROGRAMS = 50;
    static final int CHANGES = 2_000;
    static final int TREND = 1_000;
    /** Characters of a program, a name, a comment. */
    static final int TEXT = 300;
    /** Characters of a path. */
    static final int PATH = 1_000;

    private Limits() {}
}

package io.jenkins.plugins.hardenrunner.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One progress line on standard error. While the command runs it is only drawn if neither its input nor its output is
 * the terminal: otherwise the terminal is the command's, and a line of ours would land in the middle of its screen.
 */
final class Terminal {
    private final boolean enabled;
    private final boolean shared;
    private boolean drawn;

    Terminal(boolean quiet) {
        enabled = !quiet && isTerminal(2);
        shared = isTerminal(0) || isTerminal(1);
    }

    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    /** Draws the line before and after the command. */
    synchronized void show(String text) {
        if (enabled) {
            System.err.print("\r\033[K" + text);
            System.err.flush();
            drawn = true;
        }
    }

    /** Draws the line while the command runs. */
    synchronized void showBeside(String text) {
        if (!shared) {
            show(text);
        }
    }

    /** Takes the line away. */
    synchronized void erase() {
        if (drawn) {
            System.err.print("\r\033[K");
            System.err.flush();
            drawn = false;
        }
    }
}

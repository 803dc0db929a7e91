package io.jenkins.plugins.hardenrunner.goat;

import java.io.PrintStream;

/** Prints one line a claim, {@code PASS⇥claim} or {@code FAIL⇥claim⇥what was found}, and remembers if one failed. */
final class Claims {
    private final PrintStream out;
    private boolean failed;

    Claims(PrintStream out) {
        this.out = out;
    }

    void that(String claim, boolean holds, Object found) {
        if (holds) {
            out.println("PASS\t" + claim);
        } else {
            failed = true;
            out.println("FAIL\t" + claim + "\t" + oneLine(String.valueOf(found)));
        }
    }

    boolean failed() {
        return failed;
    }

    private static String oneLine(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ");
        return line.length() <= 600 ? line : line.substring(0, 600) + "…";
    }
}

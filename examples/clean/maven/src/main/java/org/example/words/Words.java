package org.example.words;

import java.util.Arrays;

/** Counts words. */
public final class Words {
    private Words() {}

    /** How many words a text has. */
    public static long count(String text) {
        return Arrays.stream(text.split("\\s+")).filter(word -> !word.isEmpty()).count();
    }
}

package io.jenkins.plugins.hardenrunner.launch;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.ArrayList;
import java.util.List;

/** A command line and which of its words the log must not show. Free of Jenkins types, so that it can be tested alone. */
final class CommandLine {
    private final List<String> words;

    /** As long as the words; null, as ever, masks nothing. */
    @CheckForNull
    private final boolean[] masks;

    CommandLine(@NonNull List<String> words, @CheckForNull boolean[] masks) {
        this.words = new ArrayList<>(words);
        this.masks = masks == null ? null : masks.clone();
    }

    @NonNull
    List<String> words() {
        return words;
    }

    @CheckForNull
    boolean[] masks() {
        return masks == null ? null : masks.clone();
    }

    /**
     * With the helper's words before the word at an index. A launcher expands {@code $NAME} in every word, so those of
     * the helper are escaped; the others stay as their author wrote them, escaped or not.
     */
    @NonNull
    CommandLine insert(@NonNull List<String> prefix, int at) {
        List<String> longer = new ArrayList<>(words.subList(0, at));
        longer.addAll(escape(prefix));
        longer.addAll(words.subList(at, words.size()));
        if (masks == null) {
            return new CommandLine(longer, null);
        }
        boolean[] moved = new boolean[longer.size()];
        System.arraycopy(masks, 0, moved, 0, Math.min(at, masks.length));
        if (masks.length > at) {
            System.arraycopy(masks, at, moved, at + prefix.size(), masks.length - at);
        }
        return new CommandLine(longer, moved);
    }

    /** Words as a launcher that expands variables leaves them as they were. */
    @NonNull
    static List<String> escape(@NonNull List<String> words) {
        return words.stream().map(word -> word.replace("$", "$$")).toList();
    }

    /**
     * Without our own variables where another plugin has made arguments of the environment ({@code --env NAME=VALUE},
     * {@code -e NAME=VALUE} or {@code env NAME=VALUE}). They are for us, not for the command.
     *
     * @param options how many words from the start may be such arguments; the rest is the user's
     */
    @NonNull
    CommandLine withoutOurs(int options) {
        List<String> kept = new ArrayList<>();
        List<Boolean> keptMasks = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            boolean option = words.get(i).equals("--env") || words.get(i).equals("-e");
            if (option && i + 1 < options && LaunchPlan.isOurs(words.get(i + 1))) {
                i++;
            } else if (i >= options || !LaunchPlan.isOurs(words.get(i))) {
                kept.add(words.get(i));
                keptMasks.add(masks != null && i < masks.length && masks[i]);
            }
        }
        if (masks == null) {
            return new CommandLine(kept, null);
        }
        boolean[] moved = new boolean[kept.size()];
        for (int i = 0; i < moved.length; i++) {
            moved[i] = keptMasks.get(i);
        }
        return new CommandLine(kept, moved);
    }
}

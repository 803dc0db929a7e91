package io.jenkins.plugins.hardenrunner.engine.source;

import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which files of a work tree may differ from their blobs by conversion on checkout: other line endings, LFS and other
 * filters, {@code ident}, another encoding. In doubt a file counts as converted, which costs reading it.
 */
final class GitAttributes {
    private static final Pattern CONVERTS = Pattern.compile("eol=crlf|ident|filter=.+|working-tree-encoding=.+|crlf(=.*)?");

    private record Line(String folder, PathMatcher matcher, boolean byName) {}

    private final List<Line> lines = new ArrayList<>();
    private boolean all;

    /** Every file counts as converted: the configuration says so for the whole repository. */
    void convertAll() {
        all = true;
    }

    /**
     * Adds a file of attributes.
     *
     * @param folder the work tree's folder that holds it, with a final {@code /}; empty for the top
     */
    void add(String folder, String text) {
        for (String line : text.split("\n")) {
            String[] words = line.strip().split("\\s+");
            if (words[0].isEmpty() || words[0].startsWith("#")) {
                continue;
            }
            boolean converts = false;
            for (int i = 1; i < words.length; i++) {
                converts |= CONVERTS.matcher(words[i]).matches();
            }
            if (converts) {
                pattern(folder, words[0]);
            }
        }
    }

    private void pattern(String folder, String pattern) {
        // A macro or a quoted pattern names its files in ways that are rarer than what it costs to follow them.
        if (pattern.startsWith("[attr]") || pattern.startsWith("\"")) {
            all = true;
            return;
        }
        boolean byName = pattern.indexOf('/') < 0;
        String glob = pattern.startsWith("/") ? pattern.substring(1) : pattern;
        try {
            lines.add(new Line(folder, FileSystems.getDefault().getPathMatcher("glob:" + glob.replace("{", "\\{")), byName));
            if (glob.startsWith("**/")) {
                lines.add(new Line(folder,
                        FileSystems.getDefault().getPathMatcher("glob:" + glob.substring(3).replace("{", "\\{")), byName));
            }
        } catch (PatternSyntaxException | InvalidPathException e) {
            all = true;
        }
    }

    boolean isEmpty() {
        return !all && lines.isEmpty();
    }

    /** Whether a path, relative to the work tree, may be converted. */
    boolean convert(String path) {
        if (all) {
            return true;
        }
        for (Line line : lines) {
            if (path.startsWith(line.folder)) {
                String rest = line.byName ? path.substring(path.lastIndexOf('/') + 1) : path.substring(line.folder.length());
                if (line.matcher.matches(Path.of(rest))) {
                    return true;
                }
            }
        }
        return false;
    }
}

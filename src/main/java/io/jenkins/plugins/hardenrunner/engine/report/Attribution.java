package io.jenkins.plugins.hardenrunner.engine.report;

import io.jenkins.plugins.hardenrunner.engine.policy.Verdict;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;

/** Which process images a change of a file goes back to, by all the names that the content came under. */
final class Attribution {
    /** A chain of renames and links longer than this is a search party, not an explanation. */
    private static final int MAX_NAMES = 200;

    /** A folder that got another name. */
    private record Moved(String from, String to, Set<ImageRef> images) {}

    private final Map<String, List<Row<Aggregation.FileKey>>> byName = new HashMap<>();
    /** Under which other names the content of a file was written: what was renamed to it, hard links of it. */
    private final Map<String, Set<String>> other = new HashMap<>();
    private final List<Moved> moved = new ArrayList<>();

    Attribution(Aggregation aggregation) {
        for (Map<Aggregation.FileKey, Row<Aggregation.FileKey>> rows : List.of(aggregation.importantFiles, aggregation.otherFiles)) {
            rows.values().forEach(this::take);
        }
    }

    private void take(Row<Aggregation.FileKey> row) {
        Aggregation.FileKey key = row.key;
        if (key.operation().equals("read") || key.verdict() == Verdict.BLOCKED) {
            return;
        }
        byName.computeIfAbsent(key.path(), any -> new ArrayList<>()).add(row);
        if (key.to() == null || key.operation().equals("symlink")) {
            return;
        }
        byName.computeIfAbsent(key.to(), any -> new ArrayList<>()).add(row);
        other.computeIfAbsent(key.to(), any -> new LinkedHashSet<>()).add(key.path());
        // A hard link is one file with two names; an exchange by renameat2 is recorded like a rename.
        other.computeIfAbsent(key.path(), any -> new LinkedHashSet<>()).add(key.to());
        if (key.operation().equals("rename") && moved.size() < MAX_NAMES) {
            moved.add(new Moved(key.path(), key.to(), row.images));
        }
    }

    /** The operations on a file under this name, refused ones and reads left out. */
    List<Row<Aggregation.FileKey>> operations(String path) {
        return byName.getOrDefault(path, List.of());
    }

    /** The names under which a file, or what became of it, was known, its own among them. */
    Set<String> names(String path) {
        Set<String> seen = new LinkedHashSet<>(Set.of(path));
        Queue<String> names = new ArrayDeque<>(seen);
        while (!names.isEmpty()) {
            for (String one : other.getOrDefault(names.remove(), Set.of())) {
                if (seen.size() < MAX_NAMES && seen.add(one)) {
                    names.add(one);
                }
            }
        }
        return seen;
    }

    /**
     * The images behind a change.
     *
     * @param aliases further names of the file
     * @param folder whether everything below the path counts as well
     */
    Collection<ImageRef> of(String path, Collection<String> aliases, boolean folder) {
        Set<ImageRef> images = new LinkedHashSet<>();
        Set<String> seen = new LinkedHashSet<>(aliases);
        seen.add(path);
        Queue<String> names = new ArrayDeque<>(seen);
        while (!names.isEmpty()) {
            String name = names.remove();
            operations(name).forEach(row -> images.addAll(row.images));
            Set<String> next = new LinkedHashSet<>(other.getOrDefault(name, Set.of()));
            for (Moved move : moved) {
                // What lay in a folder changed its path with it, in both directions: moved away, or put in place.
                if (name.startsWith(move.from() + "/")) {
                    images.addAll(move.images());
                    next.add(move.to() + name.substring(move.from().length()));
                } else if (name.startsWith(move.to() + "/")) {
                    images.addAll(move.images());
                    next.add(move.from() + name.substring(move.to().length()));
                }
            }
            for (String one : next) {
                if (seen.size() < MAX_NAMES && seen.add(one)) {
                    names.add(one);
                }
            }
        }
        if (folder) {
            byName.forEach((name, rows) -> {
                if (name.startsWith(path + "/")) {
                    rows.forEach(row -> images.addAll(row.images));
                }
            });
        }
        return images;
    }
}

package io.jenkins.plugins.hardenrunner.sink;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.storage.AtomicFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Blocks that have ended, or are about to, and that no spool has yet. An entry is written before the report of the block,
 * and removed when every sink has taken it in, so that a crash at any moment makes at worst that something is sent twice.
 */
final class SinkOutbox {
    private final Path folder;

    SinkOutbox(@NonNull Path folder) {
        this.folder = folder;
    }

    /** A block of a build. @param run its externalizable id */
    record Entry(@NonNull String run, @NonNull String block) {}

    void add(@NonNull Entry entry) throws IOException {
        AtomicFiles.write(folder.resolve(entry.block()), out -> out.write(entry.run().getBytes(StandardCharsets.UTF_8)));
    }

    void remove(@NonNull Entry entry) throws IOException {
        Files.deleteIfExists(folder.resolve(entry.block()));
    }

    @NonNull
    List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.sorted().toList()) {
                    String block = String.valueOf(file.getFileName());
                    if (block.matches("[0-9a-f]{16}")) {
                        entries.add(new Entry(Files.readString(file), block));
                    }
                }
            }
        }
        return entries;
    }
}

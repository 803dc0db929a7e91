package io.jenkins.plugins.hardenrunner.engine.sink;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The deliveries in one folder. Everything that must be known without opening a file stands in its name. */
final class SpoolFiles {
    private static final Pattern NAME = Pattern.compile("(\\d{12})-(\\d{1,15})-(\\d{1,6})-([0-9a-f]{32})\\.ndjson\\.gz");
    private static final String REASON = ".reason.txt";

    private final Path folder;
    private final List<Entry> entries = new ArrayList<>();
    private long bytes;

    SpoolFiles(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String plain = String.valueOf(file.getFileName());
                Matcher name = NAME.matcher(plain);
                if (name.matches()) {
                    entries.add(new Entry(Long.parseLong(name.group(1)), Long.parseLong(name.group(2)),
                            Integer.parseInt(name.group(3)), name.group(4), Files.size(file)));
                } else if (plain.endsWith(".new")) {
                    // Left by a crash; whoever wrote it was not told that it is safe.
                    Files.deleteIfExists(file);
                }
            }
        }
        entries.sort(Comparator.comparingLong(Entry::number));
        bytes = entries.stream().mapToLong(Entry::bytes).sum();
    }

    /** A delivery. @param number gives the order @param created milliseconds since 1970 @param bytes of its file */
    record Entry(long number, long created, int messages, String id, long bytes) {
        String name() {
            return String.format("%012d-%d-%d-%s.ndjson.gz", number, created, messages, id);
        }
    }

    /** Lowest number first. */
    List<Entry> entries() {
        return Collections.unmodifiableList(entries);
    }

    long bytes() {
        return bytes;
    }

    long last() {
        return entries.isEmpty() ? 0 : entries.get(entries.size() - 1).number();
    }

    Entry find(String id) {
        return entries.stream().filter(entry -> entry.id().equals(id)).findFirst().orElse(null);
    }

    Path file(Entry entry) {
        return folder.resolve(entry.name());
    }

    void add(Entry entry, byte[] content) throws IOException {
        write(file(entry), content);
        insert(entry);
    }

    void delete(Entry entry) throws IOException {
        Files.deleteIfExists(file(entry));
        remove(entry);
    }

    void move(Entry entry, SpoolFiles other, Entry name) throws IOException {
        Files.move(file(entry), other.file(name), StandardCopyOption.ATOMIC_MOVE);
        remove(entry);
        other.insert(name);
    }

    /** Says why a delivery is here. */
    void explain(Entry entry, String reason) throws IOException {
        write(reason(entry), reason.getBytes(StandardCharsets.UTF_8));
    }

    String explanation(Entry entry) {
        try {
            return Files.readString(reason(entry));
        } catch (IOException e) {
            return "";
        }
    }

    private Path reason(Entry entry) {
        return folder.resolve(entry.id() + REASON);
    }

    private void insert(Entry entry) {
        entries.add(entry);
        entries.sort(Comparator.comparingLong(Entry::number));
        bytes += entry.bytes();
    }

    private void remove(Entry entry) throws IOException {
        entries.remove(entry);
        bytes -= entry.bytes();
        Files.deleteIfExists(reason(entry));
    }

    /** Replaces a file as a whole, on disk when this returns. */
    static void write(Path file, byte[] content) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel out = FileChannel.open(
                unfinished, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            for (ByteBuffer rest = ByteBuffer.wrap(content); rest.hasRemaining(); ) {
                out.write(rest);
            }
            // Without this a crash of the machine can leave the new name on an empty file.
            out.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}

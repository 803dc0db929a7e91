package io.jenkins.plugins.hardenrunner.engine.sink;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many messages of a spool were lost, and when, in a file: {@code COUNT FROM TO}. */
final class LostMessages {
    private static final Pattern LINE = Pattern.compile("(\\d{1,18}) (-?\\d{1,15}) (-?\\d{1,15})\\s*");

    private final Path file;
    private Spool.Lost lost;

    LostMessages(Path file) throws IOException {
        this.file = file;
        if (Files.isRegularFile(file)) {
            Matcher line = LINE.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            // A damaged file still says that something was lost.
            lost = line.matches()
                    ? new Spool.Lost(Long.parseLong(line.group(1)), Instant.ofEpochMilli(Long.parseLong(line.group(2))),
                            Instant.ofEpochMilli(Long.parseLong(line.group(3))))
                    : new Spool.Lost(1, Files.getLastModifiedTime(file).toInstant(), Files.getLastModifiedTime(file).toInstant());
        }
    }

    Spool.Lost get() {
        return lost;
    }

    void add(long messages, Instant now) throws IOException {
        // In memory first: on a full disk the count must grow all the same.
        lost = lost == null ? new Spool.Lost(messages, now, now) : new Spool.Lost(lost.messages() + messages, lost.from(), now);
        SpoolFiles.write(file, (lost.messages() + " " + lost.from().toEpochMilli() + " " + lost.to().toEpochMilli() + "\n")
                .getBytes(StandardCharsets.US_ASCII));
    }

    void clear() throws IOException {
        Files.deleteIfExists(file);
        lost = null;
    }
}

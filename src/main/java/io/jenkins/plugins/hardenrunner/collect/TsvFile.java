package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A file of tab-separated lines that only grows. Tabs, line ends and backslashes in values are escaped. */
final class TsvFile {
    private final Path file;
    private final int columns;

    TsvFile(@NonNull Path file, int columns) {
        this.file = file;
        this.columns = columns;
    }

    void append(@NonNull String... values) throws IOException {
        if (values.length != columns) {
            throw new IllegalArgumentException(values.length + " columns instead of " + columns);
        }
        String line = Arrays.stream(values).map(TsvFile::escape).collect(Collectors.joining("\t", "", "\n"));
        Files.writeString(file, line, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /**
     * All lines. A last line that a crash cut off is left out: what it announces had not begun.
     *
     * @throws IOException if a line is damaged, naming it
     */
    @NonNull
    List<String[]> read() throws IOException {
        List<String[]> lines = new ArrayList<>();
        String text;
        try {
            text = Files.readString(file, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return lines;
        }
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
            String place = file + ":" + (lines.size() + 1) + ": ";
            String[] values = line.split("\t", -1);
            if (values.length != columns) {
                throw new IOException(place + values.length + " columns instead of " + columns);
            }
            for (int i = 0; i < values.length; i++) {
                values[i] = unescape(values[i], place);
            }
            lines.add(values);
        }
        return lines;
    }

    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r");
    }

    private static String unescape(String text, String place) throws IOException {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '\\') {
                plain.append(c);
                continue;
            }
            if (++i == text.length()) {
                throw new IOException(place + "a backslash at the end of a column");
            }
            switch (text.charAt(i)) {
                case '\\' -> plain.append('\\');
                case 't' -> plain.append('\t');
                case 'n' -> plain.append('\n');
                case 'r' -> plain.append('\r');
                default -> throw new IOException(place + "unknown escape \\" + text.charAt(i));
            }
        }
        return plain.toString();
    }
}

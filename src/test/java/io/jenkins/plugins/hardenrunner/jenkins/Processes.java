package io.jenkins.plugins.hardenrunner.jenkins;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The processes of this machine, by their command lines. Agents of tests run here as well. */
final class Processes {
    private Processes() {}

    /** Command lines that hold the text, arguments separated by blanks. Zombies have none and are not among them. */
    static List<String> with(String text) throws IOException {
        List<String> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path entry : entries) {
                try {
                    String line = new String(Files.readAllBytes(entry.resolve("cmdline")), StandardCharsets.UTF_8)
                            .replace('\0', ' ');
                    if (line.contains(text)) {
                        found.add(line);
                    }
                } catch (IOException e) {
                    // It has ended meanwhile.
                }
            }
        }
        return found;
    }

    /** Ends at once whatever has the text in its command line. */
    static void kill(String text) {
        for (ProcessHandle process : ProcessHandle.allProcesses().toList()) {
            try {
                String line = new String(Files.readAllBytes(Path.of("/proc", String.valueOf(process.pid()), "cmdline")), StandardCharsets.UTF_8);
                if (line.replace('\0', ' ').contains(text)) {
                    process.destroyForcibly();
                }
            } catch (IOException e) {
                // It has ended meanwhile.
            }
        }
    }

    /** Waits until no command line holds the text; returns how long it took, in milliseconds, at most the limit. */
    static long awaitGone(String text, long limitMillis) throws IOException, InterruptedException {
        long started = System.nanoTime();
        while (true) {
            long waited = (System.nanoTime() - started) / 1_000_000;
            if (with(text).isEmpty() || waited >= limitMillis) {
                return waited;
            }
            Thread.sleep(50);
        }
    }
}

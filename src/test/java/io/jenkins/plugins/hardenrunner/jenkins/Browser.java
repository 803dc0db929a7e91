package io.jenkins.plugins.hardenrunner.jenkins;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Chromium, driven by src/test/webapp/lib/injenkins.js. */
final class Browser {
    private static final Path TESTS = Path.of("src/test/webapp");
    private static final int SECONDS = 600;

    private Browser() {}

    /** Plays a scenario; skips the test on a machine that has no browser for it. */
    static void play(String scenario, String... urls) throws Exception {
        Assumptions.assumeTrue(onPath("node"), "no node");
        Assumptions.assumeTrue(Stream.of(System.getenv("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .anyMatch(path -> path != null && Files.isExecutable(Path.of(path))), "no Chromium");
        Assumptions.assumeTrue(Files.isDirectory(TESTS.resolve("node_modules/playwright-core")),
                "run npm ci --prefix src/test/webapp first");
        List<String> command = new ArrayList<>(List.of("node", TESTS.resolve("lib/injenkins.js").toString(), scenario));
        command.addAll(List.of(urls));
        Path output = Files.createTempFile("browser", ".log");
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
            if (!ended || process.exitValue() != 0) {
                throw new AssertionError((ended ? "" : "not done after " + SECONDS + " s\n") + Files.readString(output));
            }
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.deleteIfExists(output);
        }
    }

    private static boolean onPath(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator)).anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }
}

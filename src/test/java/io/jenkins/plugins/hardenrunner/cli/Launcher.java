package io.jenkins.plugins.hardenrunner.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Runs the real bin/harden-runner with the real helper, as a user does. */
final class Launcher {
    static final Path REPOSITORY = Path.of(System.getProperty("harden.repository", ".")).toAbsolutePath().normalize();

    /** What a run left. */
    record Result(int status, String out, String err, long millis) {}

    private final Path folder;
    private final List<String> environment = new ArrayList<>();
    private String input = "";

    /** @param folder the working directory; output goes to files beside it, as a background process may keep it open */
    Launcher(Path folder) {
        this.folder = folder;
    }

    static void assumeReady() {
        Assumptions.assumeTrue(System.getProperty("os.name").equals("Linux"), "the supervisor runs on Linux only");
        Path built = REPOSITORY.resolve("native-helper/build/harden-helper");
        Assumptions.assumeTrue(Files.isExecutable(built) || System.getenv("HARDEN_HELPER") != null,
                "native-helper/build/harden-helper is not built (make native)");
    }

    static void assumeCommand(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", "command -v " + command).redirectErrorStream(true).start();
        Assumptions.assumeTrue(process.waitFor() == 0, command + " is not installed");
    }

    Launcher input(String text) {
        input = text;
        return this;
    }

    /** @param assignments {@code NAME=value}; {@code NAME} alone removes the variable */
    Launcher environment(String... assignments) {
        environment.addAll(List.of(assignments));
        return this;
    }

    Result run(String... arguments) throws IOException, InterruptedException {
        return wait(start(arguments));
    }

    Process start(String... arguments) throws IOException {
        // A CI job or a shell's background job may have been started with signals ignored, which is inherited.
        List<String> line = new ArrayList<>(List.of(
                "env", "--default-signal=HUP,INT,QUIT,TERM", REPOSITORY.resolve("bin/harden-runner").toString()));
        line.addAll(List.of(arguments));
        return exec(line);
    }

    Process exec(List<String> line) throws IOException {
        Files.writeString(beside("in"), input);
        ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile())
                .redirectInput(beside("in").toFile()).redirectOutput(beside("out").toFile()).redirectError(beside("err").toFile());
        for (String assignment : environment) {
            int equals = assignment.indexOf('=');
            if (equals < 0) {
                builder.environment().remove(assignment);
            } else {
                builder.environment().put(assignment.substring(0, equals), assignment.substring(equals + 1));
            }
        }
        return builder.start();
    }

    Result wait(Process process) throws IOException, InterruptedException {
        long start = System.nanoTime();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("no end after 120 s");
        }
        return new Result(process.exitValue(), Files.readString(beside("out"), StandardCharsets.UTF_8),
                Files.readString(beside("err"), StandardCharsets.UTF_8), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    }

    private Path beside(String name) {
        return folder.resolveSibling(folder.getFileName() + "." + name);
    }

    static JsonNode report(Path folder) throws IOException {
        return new ObjectMapper().readTree(folder.resolve("report.json").toFile());
    }
}

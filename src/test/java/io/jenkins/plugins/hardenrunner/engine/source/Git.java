package io.jenkins.plugins.hardenrunner.engine.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** The git of this machine, without anybody's configuration. */
final class Git {
    final Path folder;

    Git(Path folder) {
        this.folder = folder;
    }

    static void assumePresent() {
        try {
            Assumptions.assumeTrue(new ProcessBuilder("git", "--version").start().waitFor() == 0, "git is not installed");
        } catch (IOException e) {
            Assumptions.abort("git is not installed");
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    Git init(String format) throws Exception {
        return run("init", "-q", "--object-format=" + format).run("config", "user.name", "t").run("config", "user.email", "t@example.com");
    }

    Git write(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        return this;
    }

    Git commit() throws Exception {
        return run("add", "-A").run("commit", "-q", "-m", "x");
    }

    Git run(String... arguments) throws Exception {
        output(arguments);
        return this;
    }

    String output(String... arguments) throws Exception {
        List<String> line = new ArrayList<>(List.of("git"));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        builder.environment().putAll(Map.of("GIT_CONFIG_GLOBAL", "/dev/null", "GIT_CONFIG_NOSYSTEM", "1"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(line + ": " + output);
        }
        return output;
    }
}

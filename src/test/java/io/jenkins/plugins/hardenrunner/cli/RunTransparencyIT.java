package io.jenkins.plugins.hardenrunner.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.arrayWithSize;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A command under harden-runner behaves as without it. */
class RunTransparencyIT {
    @TempDir
    Path temporary;

    private Path folder;

    @BeforeAll
    static void requireHelper() {
        Launcher.assumeReady();
    }

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectory(temporary.resolve("ws"));
    }

    private Launcher.Result run(String... arguments) throws IOException, InterruptedException {
        return new Launcher(folder).run(arguments);
    }

    @ParameterizedTest
    @CsvSource({"exit 0, 0", "exit 7, 7", "exit 255, 255", "kill -TERM $$, 143", "kill -KILL $$, 137", "kill -SEGV $$, 139"})
    void theExitStatusIsTheCommands(String script, int status) throws Exception {
        for (String mode : List.of("audit", "block")) {
            assertThat(mode, run("run", "-q", "--egress-policy", mode, "--", "sh", "-c", script).status(), is(status));
        }
    }

    @Test
    void aCommandThatCannotBeStartedHasTheStatusOfTheShell() throws Exception {
        assertThat(run("run", "-q", "--", "./no-such-command").status(), is(127));
        Files.writeString(folder.resolve("plain"), "text");
        assertThat(run("run", "-q", "--", "./plain").status(), is(126));
    }

    @Test
    void stdinStdoutAndStderrPassThroughUntouched() throws Exception {
        String input = "line\n\0\u00fc\u20ac no newline at the end";
        Launcher.Result result = new Launcher(folder).input(input).run("run", "-q", "--", "sh", "-c", "cat; echo problem >&2");
        assertThat(result.out(), is(input));
        assertThat(result.err(), is("problem\n"));
    }

    @Test
    void stdoutBelongsToTheCommandAndTheSummaryGoesToStderr() throws Exception {
        Launcher.Result result = run("run", "--", "echo", "hello");
        assertThat(result.out(), is("hello\n"));
        assertThat(result.err(), containsString("Harden Runner: "));
        assertThat(result.err(), not(containsString("\033")));
    }

    @Test
    void argumentsAndEnvironmentArriveAsTheyAreInEveryLocale() throws Exception {
        Launcher.Result result = new Launcher(folder).environment("LC_ALL", "LANG=C", "X=\u00fc")
                .run("run", "-q", "--", "sh", "-c", "printf '%s|' \"$@\" \"$X\" \"${LC_ALL-unset}\" \"${HARDEN_RUNNER_LC_ALL-unset}\"",
                        "sh", "\u00fc \u20ac", "", "--help", "@file", "*", "a\nb");
        assertThat(result.out(), is("\u00fc \u20ac||--help|@file|*|a\nb|\u00fc|unset|unset|"));
        assertThat(new Launcher(folder).environment("LC_ALL=C").run("run", "-q", "--", "sh", "-c", "echo \"$LC_ALL\"").out(), is("C\n"));
    }

    @Test
    void aTerminalStaysATerminal() throws Exception {
        Launcher.assumeCommand("script");
        String command = Launcher.REPOSITORY.resolve("bin/harden-runner")
                + " run -q -- sh -c 'test -t 0 && test -t 1 && test -t 2 && echo yes; tty'";
        Launcher launcher = new Launcher(folder);
        Launcher.Result result = launcher.wait(launcher.exec(List.of("script", "-qec", command, "/dev/null")));
        assertThat(result.out(), containsString("yes\r\n/dev/pts/"));
        assertThat(result.status(), is(0));
    }

    @Test
    void onATerminalTheProgressLineIsErasedBeforeAndAfterTheCommand() throws Exception {
        Launcher.assumeCommand("script");
        String command = Launcher.REPOSITORY.resolve("bin/harden-runner") + " run -- echo hello";
        Launcher launcher = new Launcher(folder);
        String out = launcher.wait(launcher.exec(List.of("script", "-qec", command, "/dev/null"))).out();
        assertThat(out, containsString("preparing"));
        assertThat(out, containsString("\r\033[Khello\r\n"));
        assertThat(out.substring(out.indexOf("Harden Runner: ") - 4), containsString("\r\033[KHarden Runner: "));
    }

    @Test
    void aBackgroundProcessDoesNotHoldTheCaller() throws Exception {
        Path pid = temporary.resolve("pid");
        Launcher.Result result = run("run", "-q", "--report", "out", "--", "sh", "-c", "sleep 60 & echo $! > " + pid);
        try {
            assertThat(result.status(), is(0));
            assertThat(result.millis(), lessThan(20_000L));
            JsonNode report = Launcher.report(folder.resolve("out"));
            assertThat(report.toString(), containsString("processes still running"));
            assertThat(report.path("verdict").asText(), is("ok"));
        } finally {
            ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).ifPresent(ProcessHandle::destroy);
        }
    }

    @Test
    void manyParallelAndManyShortProcessesWork() throws Exception {
        Launcher.Result parallel = run("run", "-q", "--", "sh", "-c",
                "i=0; while [ $i -lt 200 ]; do (sleep 0.2; echo x) & i=$((i+1)); done; wait");
        assertThat(parallel.status(), is(0));
        assertThat(parallel.out().split("\n"), arrayWithSize(200));
        Launcher.Result many = run("run", "-q", "--report", "out", "--", "sh", "-c",
                "i=0; while [ $i -lt 10000 ]; do /bin/true || exit 9; i=$((i+1)); done; echo done");
        assertThat(many.out(), is("done\n"));
        JsonNode report = Launcher.report(folder.resolve("out"));
        assertThat(report.at("/integrity/intact").asBoolean(), is(true));
        assertThat(report.path("processes").size() > 9_999, is(true));
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130", "HUP, 129"})
    void aSignalReachesTheCommandAndTheReportIsStillWritten(String signal, int status) throws Exception {
        Launcher launcher = new Launcher(folder);
        Process process = launcher.start("run", "-q", "--report", "out", "--", "sh", "-c", "touch started; exec sleep 30");
        Waiting.until(() -> Files.exists(folder.resolve("started")));
        new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
        Launcher.Result result = launcher.wait(process);
        assertThat(result.status(), is(status));
        assertThat(Launcher.report(folder.resolve("out")).path("exitCode").asInt(), is(status));
    }

    @Test
    void aCommandThatHandlesASignalDecidesWhatHappens() throws Exception {
        Launcher launcher = new Launcher(folder);
        Process process = launcher.start("run", "-q", "--", "sh", "-c", "trap 'echo caught; exit 3' TERM; touch started; while :; do sleep 0.1; done");
        Waiting.until(() -> Files.exists(folder.resolve("started")));
        new ProcessBuilder("kill", "-TERM", Long.toString(process.pid())).start().waitFor();
        Launcher.Result result = launcher.wait(process);
        assertThat(result.out(), is("caught\n"));
        assertThat(result.status(), is(3));
    }

    @Test
    void theLauncherWorksThroughLinks() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("hr"), Launcher.REPOSITORY.resolve("bin/harden-runner"));
        Path second = Files.createSymbolicLink(folder.resolve("hr2"), link.getFileName());
        Launcher launcher = new Launcher(folder);
        assertThat(launcher.wait(launcher.exec(List.of(second.toString(), "run", "-q", "--", "echo", "x"))).out(), is("x\n"));
    }

    @Test
    void withoutReportNothingIsLeftBehind() throws Exception {
        Path tmp = Files.createDirectory(temporary.resolve("tmp"));
        new Launcher(folder).environment("TMPDIR=" + tmp, "_JAVA_OPTIONS=-Djava.io.tmpdir=" + tmp).run("run", "-q", "--", "true");
        try (var files = Files.list(tmp)) {
            assertThat(files.filter(file -> file.getFileName().toString().startsWith("harden")).count(), is(0L));
        }
        try (var files = Files.list(folder)) {
            assertThat(files.count(), is(0L));
        }
    }
}

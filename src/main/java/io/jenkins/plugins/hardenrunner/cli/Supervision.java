package io.jenkins.plugins.hardenrunner.cli;

import io.jenkins.plugins.hardenrunner.engine.Sha256;
import io.jenkins.plugins.hardenrunner.engine.audit.Verification;
import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.LaunchOptions;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyFile;
import io.jenkins.plugins.hardenrunner.engine.redact.Redactor;
import io.jenkins.plugins.hardenrunner.engine.report.LaunchInfo;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.engine.report.ReportBuilder;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** One supervised command, from the policy file to the report. */
final class Supervision implements AutoCloseable {
    /** How long the helper has to close its file after the command ended and nothing else runs. */
    private static final long CLOSING_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final int NONCE_BYTES = 32;
    /** The launcher runs the JVM in a UTF-8 locale and leaves the user's value here, for the command to get it back. */
    private static final String LC_ALL = "HARDEN_RUNNER_LC_ALL";

    private final EffectivePolicy policy;
    private final RedactOptions.Secrets secrets;
    private final Terminal terminal;
    private final Path privateFolder;
    private final Path events;
    private final Workspace workspace;
    private final String nonce;
    private String helperDigest;
    private Process process;

    /**
     * Prepares; nothing is started yet.
     *
     * @param reportFolder where the events are recorded; null for a folder that is removed at the end
     */
    Supervision(EffectivePolicy policy, Path reportFolder, RedactOptions.Secrets secrets, Terminal terminal) throws IOException {
        this.policy = policy;
        this.secrets = secrets;
        this.terminal = terminal;
        // Created with mode 0700: other users of the machine must neither read the nonce nor put files in the way.
        this.privateFolder = Files.createTempDirectory("harden-runner-",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        byte[] random = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(random);
        this.nonce = HexFormat.of().formatHex(random);
        try {
            if (reportFolder == null) {
                events = privateFolder.resolve(ReportFiles.EVENTS);
            } else {
                Files.createDirectories(reportFolder);
                events = reportFolder.toRealPath().resolve(ReportFiles.EVENTS);
                // The helper refuses to write into a file that is there; what an earlier run left is replaced.
                for (String name : List.of(ReportFiles.EVENTS, ReportFiles.JSON, ReportFiles.HTML, Verification.SEAL)) {
                    Files.deleteIfExists(reportFolder.resolve(name));
                }
            }
            workspace = new Workspace(Path.of("").toRealPath(), policy.filePolicy());
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Runs the command and returns the helper's exit status. */
    int run(List<String> command) throws IOException, InterruptedException {
        Path helper = Helper.locate(privateFolder);
        helperDigest = Sha256.measure(helper).sha256();
        Path policyFile = privateFolder.resolve("policy");
        LaunchOptions launch = LaunchOptions.builder()
                .nonce(nonce)
                .ownPaths(Stream.of(privateFolder.toRealPath(), events).map(Path::toString).distinct().toList())
                .protectPaths(workspace.protectedPaths(policy))
                .fsWrite(workspace.writable())
                .scriptTrees(List.of(workspace.folder.toString()))
                .credentialPaths(workspace.credentials(policy))
                .redaction(secrets.redaction())
                .build();
        Files.writeString(policyFile, PolicyFile.render(policy, launch), StandardCharsets.US_ASCII);
        List<String> line = new ArrayList<>(List.of(helper.toString(), "run", "--policy", policyFile.toString(),
                "--events", events.toString()));
        if (!secrets.variables().isEmpty()) {
            line.addAll(List.of("--redact-env", String.join(",", secrets.variables())));
        }
        line.add("--");
        line.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(line).inheritIO();
        restoreLocale(builder.environment());
        terminal.erase();
        Signals.handle(Set.of("INT", "HUP", "QUIT", "TERM"), this::forward);
        process = builder.start();
        Thread progress = progress();
        int status = process.waitFor();
        progress.interrupt();
        progress.join();
        terminal.erase();
        return status;
    }

    private static void restoreLocale(Map<String, String> environment) {
        String original = environment.remove(LC_ALL);
        if (original != null && original.startsWith("=")) {
            environment.put("LC_ALL", original.substring(1));
        } else if (original != null) {
            environment.remove("LC_ALL");
        }
    }

    /**
     * Passes a signal on to the helper, which passes it on to the command. What a terminal sends went to the whole
     * process group already; a second one would be one more than the user sent.
     */
    private void forward(String name) {
        boolean fromTerminal = !name.equals("TERM") && System.console() != null;
        Process running = process;
        if (running == null || fromTerminal) {
            return;
        }
        if (name.equals("TERM")) {
            running.destroy();
            return;
        }
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(running.pid())).start();
        } catch (IOException e) {
            running.destroy();
        }
    }

    private Thread progress() {
        Thread thread = new Thread(() -> {
            long start = System.nanoTime();
            try {
                while (true) {
                    TimeUnit.SECONDS.sleep(1);
                    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
                    long size = Files.exists(events) ? Files.size(events) : 0;
                    terminal.showBeside("harden-runner: " + policy.egressPolicy().token() + ", " + seconds + " s, "
                            + (size >> 10) + " KiB of events");
                }
            } catch (InterruptedException | IOException e) {
                return;
            }
        }, "progress");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** What the chain of events starts from. */
    String nonce() {
        return nonce;
    }

    /** SHA-256 of the supervisor's binary that ran the command. */
    String helperDigest() {
        return helperDigest;
    }

    /** Whether the helper began to supervise; if not, it has said why and the command was not started. */
    boolean armed() throws IOException {
        return Files.exists(events) && Files.size(events) > 0;
    }

    /** The report of what was recorded so far. */
    Report report() throws IOException, InterruptedException {
        boolean closed = closed();
        ReportBuilder builder = new ReportBuilder(policy).toolVersion(HardenRunner.version());
        if (workspace.manifest != null) {
            builder.tracked(workspace.manifest::contains).covered(workspace.manifest::covers);
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(events))) {
            // Without its closing record a file is either unfinished or, if nobody is left to finish it, evidence lost.
            boolean running = !closed && supervisorLives();
            builder.readEvents(new LaunchInfo("1", null, null, null, nonce).withRunning(running), in);
        }
        if (workspace.manifest == null) {
            builder.coverage("files under version control", "no", "the file policy is off");
        } else {
            UnaryOperator<String> redactor = new Redactor(secrets.values(), secrets.redaction())::apply;
            builder.sourceChanges(workspace.manifest.compareTouched(builder.touchedPaths()).stream()
                    .map(change -> change.withTexts(redactor))
                    .toList());
            builder.coverage("files under version control", workspace.notes.isEmpty() ? "yes" : "partly",
                    workspace.manifest.paths().size() + " files were compared with what they were before the command"
                            + (workspace.notes.isEmpty() ? "" : "; " + String.join("; ", workspace.notes)));
        }
        builder.coverage("work handed to other machines or daemons (containers, build daemons that already run)", "no",
                "only processes that descend from the command are supervised");
        return builder.build();
    }

    /** Waits a moment for the closing record; false if processes of the command go on. */
    private boolean closed() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + CLOSING_NANOS;
        while (!lastLine().contains("\"k\":\"end\"")) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return true;
    }

    /** Whether a process was started for this very event file; the supervisor keeps the helper's arguments. */
    private boolean supervisorLives() throws IOException {
        // Bytes as they are: the path may hold any.
        String argument = new String(("\0--events\0" + events + "\0").getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path candidate : processes) {
                try {
                    String arguments = Files.readString(candidate.resolve("cmdline"), StandardCharsets.ISO_8859_1);
                    if (arguments.contains(argument)) {
                        return true;
                    }
                } catch (IOException e) {
                    continue; // it ended
                }
            }
        }
        return false;
    }

    private String lastLine() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(events.toFile(), "r")) {
            int length = (int) Math.min(1024, file.length());
            byte[] tail = new byte[length];
            file.seek(file.length() - length);
            file.readFully(tail);
            String text = new String(tail, StandardCharsets.ISO_8859_1);
            return text.endsWith("\n") ? text.substring(text.lastIndexOf('\n', text.length() - 2) + 1) : "";
        }
    }

    @Override
    public void close() throws IOException {
        if (Files.exists(privateFolder)) {
            try (Stream<Path> files = Files.list(privateFolder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(privateFolder);
        }
    }
}

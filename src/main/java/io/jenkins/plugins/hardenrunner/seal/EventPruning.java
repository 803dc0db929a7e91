package io.jenkins.plugins.hardenrunner.seal;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.AsyncPeriodicWork;
import hudson.model.Job;
import hudson.model.TaskListener;
import io.jenkins.plugins.hardenrunner.engine.Sha256;
import io.jenkins.plugins.hardenrunner.engine.audit.Envelope;
import io.jenkins.plugins.hardenrunner.engine.audit.Pruning;
import io.jenkins.plugins.hardenrunner.engine.audit.Seal;
import io.jenkins.plugins.hardenrunner.engine.audit.Verification;
import io.jenkins.plugins.hardenrunner.storage.AtomicFiles;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/** Removes events whose time is over, once a day, and says so in a signed note. It looks at folders and loads no build. */
@Extension
public final class EventPruning extends AsyncPeriodicWork {
    private static final Logger LOGGER = Logger.getLogger(EventPruning.class.getName());

    public EventPruning() {
        super("Harden Runner: removal of old events");
    }

    @Override
    public long getRecurrencePeriod() {
        return TimeUnit.DAYS.toMillis(1);
    }

    @Override
    protected Level getNormalLoggingLevel() {
        return Level.FINE;
    }

    @Override
    protected void execute(@NonNull TaskListener listener) {
        int days = EvidenceConfiguration.get().getEventDays();
        if (days > 0) {
            prune(Instant.now().minus(Duration.ofDays(days)));
        }
    }

    /** Removes the events that were sealed before a time. */
    public static void prune(@NonNull Instant before) {
        for (Job<?, ?> job : Jenkins.get().allItems(Job.class)) {
            try {
                // Most jobs have no seal, and their builds need not be listed.
                if (!SealLedger.of(job).lines().isEmpty()) {
                    builds(job.getBuildDir().toPath(), before);
                }
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "cannot remove old events of " + job.getFullName());
            }
        }
    }

    private static void builds(Path folder, Instant before) throws IOException {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (DirectoryStream<Path> builds = Files.newDirectoryStream(folder, "[0-9]*")) {
            for (Path build : builds) {
                Path evidence = build.resolve("harden-runner");
                // Links to builds by name or state lead to what is seen anyway.
                if (Files.isSymbolicLink(build) || !Files.isDirectory(evidence)) {
                    continue;
                }
                try (DirectoryStream<Path> blocks = Files.newDirectoryStream(evidence, Files::isDirectory)) {
                    for (Path block : blocks) {
                        block(block, before);
                    }
                }
            }
        }
    }

    private static void block(Path block, Instant before) throws IOException {
        Path sealed = block.resolve(Verification.SEAL);
        if (!Files.exists(sealed) || Files.exists(block.resolve(Pruning.FILE))) {
            return;
        }
        Envelope envelope = Envelope.fromJson(Files.readAllBytes(sealed));
        Seal seal = Seal.of(envelope);
        List<String> files = seal.launches().stream().map(Seal.Launch::file).filter(file -> file != null).distinct().toList();
        try {
            if (files.isEmpty() || !Instant.parse(seal.sealed()).isBefore(before)) {
                return;
            }
        } catch (DateTimeException e) {
            throw new IOException(sealed + ": '" + seal.sealed() + "' is not a time", e);
        }
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        Pruning pruning = new Pruning(1, now, Sha256.hex(envelope.payload()), files);
        // The note first: a crash in between leaves files that are said to be gone, not gone files without a word.
        byte[] note = pruning.sign(List.of(SealKeys.current())).toJson();
        AtomicFiles.write(block.resolve(Pruning.FILE), out -> out.write(note));
        for (String file : files) {
            Files.deleteIfExists(block.resolve(file));
        }
    }
}

package io.jenkins.plugins.hardenrunner.seal;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import io.jenkins.plugins.hardenrunner.engine.Sha256;
import io.jenkins.plugins.hardenrunner.engine.audit.Envelope;
import io.jenkins.plugins.hardenrunner.engine.audit.EvidenceException;
import io.jenkins.plugins.hardenrunner.engine.audit.Seal;
import io.jenkins.plugins.hardenrunner.engine.audit.SealSeries;
import io.jenkins.plugins.hardenrunner.engine.audit.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the series of a job's seals says of its builds: one that was removed, put in between or made anew. Loads no build. */
public final class JobSeals {
    private static final int MAX_NAMED = 20;

    private final Job<?, ?> job;

    public JobSeals(@NonNull Job<?, ?> job) {
        this.job = job;
    }

    /**
     * The checks that concern one seal's place: everything that does not hold, and one line for all seals that are gone.
     *
     * @param own the seal of whoever asks; null if it cannot be read
     */
    @NonNull
    public List<Verification.Check> check(@CheckForNull Seal own) throws IOException {
        List<String> lines = SealLedger.of(job).lines();
        Map<String, Seal> present = new HashMap<>();
        if (own != null) {
            present.put(SealSeries.Entry.of(own).digest(), own);
        }
        for (String line : lines) {
            try {
                read(SealSeries.Entry.parse(line), present);
            } catch (EvidenceException e) {
                continue; // told below, by its place
            }
        }
        List<Verification.Check> checks = new ArrayList<>();
        List<String> gone = new ArrayList<>();
        for (Verification.Check check : SealSeries.check(lines, present)) {
            switch (check.result()) {
                case HOLDS -> { }
                case UNKNOWN -> gone.add(check.subject());
                case FAILS -> checks.add(new Verification.Check("series", Verification.Result.FAILS, check.subject() + ": " + check.detail()));
            }
        }
        if (!gone.isEmpty()) {
            String named = gone.stream().limit(MAX_NAMED).collect(Collectors.joining(", "));
            checks.add(new Verification.Check("series", Verification.Result.UNKNOWN, "removed since they were sealed: " + named
                    + (gone.size() > MAX_NAMED ? " and " + (gone.size() - MAX_NAMED) + " more" : "")));
        } else if (checks.isEmpty()) {
            checks.add(new Verification.Check("series", Verification.Result.HOLDS, lines.size() + " seals of this job, each in its place"));
        }
        return checks;
    }

    private void read(SealSeries.Entry entry, Map<String, Seal> present) throws IOException {
        if (present.containsKey(entry.digest())) {
            return;
        }
        Path file = job.getBuildDir().toPath().resolve(Long.toString(entry.build())).resolve("harden-runner").resolve(entry.block())
                .resolve(Verification.SEAL);
        try {
            Envelope envelope = Envelope.fromJson(Files.readAllBytes(file));
            // What a seal says of itself must be what was signed, byte for byte, or it would not be found by its digest.
            present.put(Sha256.hex(envelope.payload()), Seal.of(envelope));
        } catch (NoSuchFileException e) {
            return; // gone, or never written
        } catch (EvidenceException e) {
            return; // damaged: its own build says how
        }
    }
}

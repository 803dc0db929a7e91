package io.jenkins.plugins.hardenrunner.seal;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import io.jenkins.plugins.hardenrunner.engine.audit.EvidenceException;
import io.jenkins.plugins.hardenrunner.engine.audit.Seal;
import io.jenkins.plugins.hardenrunner.engine.audit.SealSeries;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The series of a job's seals, {@code <job>/harden-runner-seals.txt}: one line each, which outlives the build, so that a
 * removed build shows. It moves with its job; a copy of the job begins its own.
 */
public final class SealLedger {
    private static final String FILE = "harden-runner-seals.txt";

    private final Path file;

    private SealLedger(Path file) {
        this.file = file;
    }

    /** The series of a job. */
    @NonNull
    public static SealLedger of(@NonNull Job<?, ?> job) {
        return new SealLedger(job.getRootDir().toPath().resolve(FILE));
    }

    /** Makes a seal of its place in the series. */
    public interface Maker {
        /** @param previous digest of the seal before; null for the first */
        @NonNull
        Seal make(long sequence, @CheckForNull String previous);
    }

    /** Puts a seal at the end of the series. When this returns the line is on disk, before anything is said of the seal. */
    @NonNull
    public Seal append(@NonNull Maker maker) throws IOException {
        // Builds of a job end at the same time, and each seal names the one before it.
        synchronized (SealLedger.class) {
            SealSeries.Entry last = last();
            Seal seal = maker.make(last == null ? 1 : last.sequence() + 1, last == null ? null : last.digest());
            byte[] line = (SealSeries.Entry.of(seal).line() + "\n").getBytes(StandardCharsets.US_ASCII);
            try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                // What a crash left of a line before is overwritten.
                out.position(whole(text()).length());
                out.truncate(out.position());
                for (ByteBuffer bytes = ByteBuffer.wrap(line); bytes.hasRemaining(); ) {
                    out.write(bytes);
                }
                out.force(true);
            }
            return seal;
        }
    }

    /** The lines, oldest first; none if the job has no seal. */
    @NonNull
    public List<String> lines() throws IOException {
        return whole(text()).lines().toList();
    }

    @CheckForNull
    private SealSeries.Entry last() throws IOException {
        List<String> lines = lines();
        for (int i = lines.size() - 1; i >= 0; i--) {
            try {
                return SealSeries.Entry.parse(lines.get(i));
            } catch (EvidenceException e) {
                // Damage must not stop the series: the line stays where it is, and the check of the series tells it.
                continue;
            }
        }
        return null;
    }

    private String text() throws IOException {
        return Files.exists(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
    }

    private static String whole(String text) {
        return text.substring(0, text.lastIndexOf('\n') + 1);
    }
}

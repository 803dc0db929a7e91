package io.jenkins.plugins.hardenrunner.engine.audit;

import io.jenkins.plugins.hardenrunner.engine.Sha256;
import io.jenkins.plugins.hardenrunner.engine.event.EventReader;
import io.jenkins.plugins.hardenrunner.engine.event.Problem;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipException;

/** What holds of a sealed folder, checked anew each time from the bytes that are there. */
public final class Verification {
    /** The name of the seal. */
    public static final String SEAL = "seal.json";

    private static final int MAX_SEAL = 16 << 20;
    private static final int MAX_PROBLEMS = 20;

    /** How a check came out. */
    public enum Result {
        /** It holds. */
        HOLDS,
        /** Nothing is wrong, but something could not be checked; the detail says why. */
        UNKNOWN,
        /** It does not hold. */
        FAILS
    }

    /** One check. @param subject what was looked at: {@code seal}, {@code signature}, a file's name or a launch */
    public record Check(String subject, Result result, String detail) {}

    /** Where sealed files lie. */
    public interface Store {
        /** Opens a file. @throws NoSuchFileException or {@link FileNotFoundException} if it is not there */
        InputStream open(String name) throws IOException;
    }

    private final Store store;
    private final List<Check> checks = new ArrayList<>();
    private Seal seal;
    private Pruning pruning;

    private Verification(Store store) {
        this.store = store;
    }

    /**
     * Checks everything that the seal of a folder names.
     *
     * @param keys whose signature counts; without any, the seal is believed as it is
     * @throws IOException if a file is there and cannot be read; content never causes one
     */
    public static Verification of(Store store, Collection<VerifyingKey> keys) throws IOException {
        Verification verification = new Verification(store);
        verification.check(keys);
        return verification;
    }

    /** Every check, in the order in which they were made. */
    public List<Check> checks() {
        return List.copyOf(checks);
    }

    /** Whether no check failed. */
    public boolean holds() {
        return checks.stream().noneMatch(check -> check.result() == Result.FAILS);
    }

    /** The seal; null if there is none that can be read. */
    public Seal seal() {
        return seal;
    }

    private void check(Collection<VerifyingKey> keys) throws IOException {
        Envelope envelope;
        try (InputStream in = store.open(SEAL)) {
            byte[] json = in.readNBytes(MAX_SEAL + 1);
            if (json.length > MAX_SEAL) {
                throw new EvidenceException("it is larger than " + MAX_SEAL + " bytes");
            }
            envelope = Envelope.fromJson(json);
            if (!Arrays.equals(envelope.toJson(), json)) {
                throw new EvidenceException("it was not written by this tool, or was altered since");
            }
            seal = Seal.of(envelope);
        } catch (NoSuchFileException | FileNotFoundException e) {
            add("seal", Result.FAILS, "there is no " + SEAL);
            return;
        } catch (EvidenceException e) {
            add("seal", Result.FAILS, e.getMessage());
            return;
        }
        add("seal", Result.HOLDS, "of " + what(seal.subject()) + ", made " + seal.sealed());
        signature(envelope, keys);
        pruned(envelope, keys);
        for (Seal.File file : seal.files()) {
            file(file);
        }
        for (Seal.Launch launch : seal.launches()) {
            launch(launch);
        }
    }

    private static String what(Seal.Subject subject) {
        return subject.job().isEmpty() ? "a command on " + (subject.instance().isEmpty() ? "an unnamed machine" : subject.instance())
                : subject.job() + " #" + subject.build() + ", block " + subject.block();
    }

    private void signature(Envelope envelope, Collection<VerifyingKey> keys) {
        if (envelope.signatures().isEmpty()) {
            add("signature", keys.isEmpty() ? Result.UNKNOWN : Result.FAILS,
                    "the seal is not signed: whoever could write the folder could have made all of it");
        } else if (keys.isEmpty()) {
            add("signature", Result.UNKNOWN, "signed by " + envelope.signatures().get(0).keyId()
                    + ", which was not checked: no key was given");
        } else {
            List<VerifyingKey> signers = envelope.signers(keys);
            if (signers.isEmpty()) {
                add("signature", Result.FAILS, "none of the signatures is of a given key");
            } else if (!envelope.isLabelled(signers.get(0))) {
                add("signature", Result.FAILS, "the key id was altered: the signature is of " + signers.get(0).id());
            } else {
                add("signature", Result.HOLDS, "of " + signers.get(0).id());
            }
        }
    }

    private void pruned(Envelope sealed, Collection<VerifyingKey> keys) throws IOException {
        try (InputStream in = store.open(Pruning.FILE)) {
            Envelope envelope = Envelope.fromJson(in.readNBytes(MAX_SEAL));
            Pruning stated = Pruning.of(envelope);
            if (!stated.seal().equals(Sha256.hex(sealed.payload()))) {
                throw new EvidenceException("it belongs to another seal");
            }
            // Otherwise whoever removes evidence could write that it was meant to be.
            if (!keys.isEmpty() && envelope.signers(keys).isEmpty()) {
                throw new EvidenceException("none of its signatures is of a given key");
            }
            pruning = stated;
        } catch (NoSuchFileException | FileNotFoundException e) {
            return; // nothing was removed, or nobody says so
        } catch (EvidenceException e) {
            add(Pruning.FILE, Result.FAILS, e.getMessage());
        }
    }

    private boolean isPruned(String name) {
        return pruning != null && pruning.files().contains(name);
    }

    private void file(Seal.File file) throws IOException {
        try (InputStream in = store.open(file.name())) {
            Sha256.Measured measured = Sha256.measure(in);
            if (measured.bytes() != file.bytes()) {
                add(file.name(), Result.FAILS, "it has " + measured.bytes() + " bytes; sealed were " + file.bytes());
            } else if (!measured.sha256().equals(file.sha256())) {
                add(file.name(), Result.FAILS, "it was altered: its SHA-256 is " + measured.sha256() + "; sealed was " + file.sha256());
            } else {
                add(file.name(), Result.HOLDS, "SHA-256 " + file.sha256());
            }
        } catch (NoSuchFileException | FileNotFoundException e) {
            if (isPruned(file.name())) {
                add(file.name(), Result.UNKNOWN, "it was removed on " + pruning.pruned() + ", when its time was over");
            } else {
                add(file.name(), Result.FAILS, "it is missing");
            }
        }
    }

    private void launch(Seal.Launch launch) throws IOException {
        String subject = "launch " + launch.id();
        if (!launch.intact()) {
            add(subject, Result.UNKNOWN, "its events were not whole when they were sealed; the report says why");
        }
        if (launch.file() == null) {
            add(subject, Result.UNKNOWN, "its events were not kept; sealed is their number, " + launch.events() + ", and the last hash");
            return;
        }
        List<Problem> problems = new ArrayList<>();
        EventReader.Summary summary;
        try (InputStream in = events(launch.file())) {
            // What went on after the seal was made may have been recorded behind what was sealed.
            summary = new EventReader(launch.nonce(), launch.closed() ? EventReader.MAX_EVENTS : launch.events())
                    .read(in, event -> { }, problems::add);
        } catch (NoSuchFileException | FileNotFoundException e) {
            add(subject, isPruned(launch.file()) ? Result.UNKNOWN : Result.FAILS,
                    "its events are missing; sealed is their number, " + launch.events() + ", and the last hash");
            return;
        } catch (ZipException | EOFException | EvidenceException e) {
            add(subject, Result.FAILS, "its events cannot be read: " + e.getMessage());
            return;
        }
        long events = launch.closed() ? summary.events() : Math.min(summary.events(), launch.events());
        boolean same = events == launch.events() && Objects.equals(summary.head(), launch.head()) && summary.ended() == launch.closed();
        if (!same) {
            add(subject, Result.FAILS, "it has " + events + " events with head " + summary.head() + "; sealed were "
                    + launch.events() + " with head " + launch.head());
        }
        if (!launch.closed()) {
            problems.removeIf(problem -> problem.kind() == Problem.Kind.MISSING_END || problem.kind() == Problem.Kind.TOO_MANY);
            add(subject, Result.UNKNOWN, "it had not ended when the seal was made: the last events may be missing");
        }
        for (Problem problem : problems.subList(0, Math.min(MAX_PROBLEMS, problems.size()))) {
            add(subject, launch.intact() ? Result.FAILS : Result.UNKNOWN,
                    (problem.line() == 0 ? "" : "line " + problem.line() + ": ") + problem.kind().token() + ": " + problem.detail());
        }
        if (problems.isEmpty() && same) {
            add(subject, Result.HOLDS, events + " events, in order, head " + summary.head());
        }
    }

    private InputStream events(String name) throws IOException {
        InputStream in = store.open(name);
        if (!name.endsWith(".gz")) {
            return in;
        }
        try {
            return EventArchive.open(in);
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private void add(String subject, Result result, String detail) {
        checks.add(new Check(subject, result, detail));
    }
}

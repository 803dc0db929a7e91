package io.jenkins.plugins.hardenrunner.cli;

import io.jenkins.plugins.hardenrunner.engine.audit.EvidenceException;
import io.jenkins.plugins.hardenrunner.engine.audit.Seal;
import io.jenkins.plugins.hardenrunner.engine.audit.SigningKey;
import io.jenkins.plugins.hardenrunner.engine.audit.Verification;
import io.jenkins.plugins.hardenrunner.engine.audit.VerifyingKey;
import io.jenkins.plugins.hardenrunner.engine.event.EventReader;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Seals of report folders, and the keys for them. */
final class SealFiles {
    private SealFiles() {}

    /** Reads the key that signs seals. @throws CliException with status 125 naming the file */
    static SigningKey signingKey(Path file) throws IOException {
        try {
            return SigningKey.readPem(InputFiles.text(file, file.toString(), 1));
        } catch (EvidenceException e) {
            throw new CliException(ExitCode.NOT_STARTED, file + ": " + e.getMessage());
        }
    }

    /** Reads the keys whose seals count. */
    static List<VerifyingKey> verifyingKeys(List<Path> files) throws IOException {
        List<VerifyingKey> keys = new ArrayList<>();
        for (Path file : files) {
            try {
                keys.addAll(VerifyingKey.readPem(InputFiles.text(file, file.toString(), 1)));
            } catch (EvidenceException e) {
                throw new CliException(ExitCode.TROUBLE, file + ": " + e.getMessage());
            }
        }
        return keys;
    }

    /**
     * Seals what a run left in its folder.
     *
     * @param helper digest of the supervisor's binary
     * @param key null for a seal that is not signed
     */
    static void seal(Path folder, Report report, String nonce, String helper, SigningKey key) throws IOException {
        List<Seal.Launch> launches = new ArrayList<>();
        boolean closed = true;
        for (Report.ChainHead head : report.integrity.chainHeads) {
            // While something still runs in the background, the file grows behind what the report has and the seal holds.
            closed = closed(folder.resolve(ReportFiles.EVENTS), nonce, head.events);
            launches.add(new Seal.Launch(head.launch, nonce, head.events, head.hash, closed, report.integrity.intact, ReportFiles.EVENTS));
        }
        List<Seal.File> files = new ArrayList<>();
        if (closed) {
            files.add(Seal.File.of(folder.resolve(ReportFiles.EVENTS)));
        }
        files.add(Seal.File.of(folder.resolve(ReportFiles.JSON)));
        files.add(Seal.File.of(folder.resolve(ReportFiles.HTML)));
        Seal seal = new Seal(Seal.SCHEMA, Instant.now().truncatedTo(ChronoUnit.MILLIS).toString(), new Seal.Subject(host(), "", 0, ""), 0, null,
                report.policy.sha256, List.of(helper), files,
                launches);
        byte[] json = seal.sign(key == null ? List.of() : List.of(key)).toJson();
        ReportFiles.write(folder.resolve(Verification.SEAL), out -> out.write(json));
    }

    private static boolean closed(Path file, String nonce, long events) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            EventReader.Summary summary = new EventReader(nonce).read(in, event -> { }, problem -> { });
            return summary.ended() && summary.events() == events;
        }
    }

    static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "";
        }
    }
}

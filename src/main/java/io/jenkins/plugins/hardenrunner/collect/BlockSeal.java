package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.agent.Helper;
import io.jenkins.plugins.hardenrunner.engine.audit.EventArchive;
import io.jenkins.plugins.hardenrunner.engine.audit.EvidenceException;
import io.jenkins.plugins.hardenrunner.engine.audit.Seal;
import io.jenkins.plugins.hardenrunner.engine.audit.Verification;
import io.jenkins.plugins.hardenrunner.engine.event.EventReader;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.seal.SealKeys;
import io.jenkins.plugins.hardenrunner.seal.SealLedger;
import io.jenkins.plugins.hardenrunner.storage.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;

/** Puts what a block left behind under one seal, when its report is written. */
final class BlockSeal {
    private final OpenBlock block;
    private final BlockStore store;
    private final Report report;

    BlockSeal(@NonNull OpenBlock block, @NonNull Report report) {
        this.block = block;
        this.store = block.store();
        this.report = report;
    }

    /** Archives the events, signs the seal, and stores it. */
    void make() throws IOException {
        List<Seal.Launch> launches = new ArrayList<>();
        List<Seal.File> files = new ArrayList<>();
        files.add(Seal.File.of(store.file(BlockStore.REPORT)));
        for (Launch launch : block.launches()) {
            Seal.Launch sealed = archive(launch);
            launches.add(sealed);
            if (sealed.file() != null) {
                files.add(Seal.File.of(store.file(sealed.file())));
            }
        }
        String root = Jenkins.get().getRootUrl();
        Seal.Subject subject = new Seal.Subject(
                root == null ? "" : root, block.run().getParent().getFullName(), block.run().getNumber(), block.id());
        List<String> helpers = Helper.digests().values().stream().distinct().toList();
        String now = Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
        Seal seal = SealLedger.of(block.run().getParent())
                .append((sequence, previous) -> new Seal(
                        Seal.SCHEMA, now, subject, sequence, previous, report.policy.sha256, helpers, files, launches));
        byte[] json = seal.sign(List.of(SealKeys.current())).toJson();
        AtomicFiles.write(store.file(Verification.SEAL), out -> out.write(json));
    }

    private Seal.Launch archive(Launch launch) throws IOException {
        EventReader.Summary summary;
        boolean[] broken = {false};
        try (InputStream in = store.openEvents(launch.id())) {
            summary = new EventReader(launch.nonce()).read(in, event -> { }, problem -> broken[0] |= !problem.isOnlyOpen());
        }
        String raw = BlockStore.eventsName(launch.id());
        if (summary.events() == 0) {
            return new Seal.Launch(launch.id(), launch.nonce(), 0, null, false, false, null);
        }
        String file = raw;
        if (!broken[0]) {
            file = BlockStore.archiveName(launch.id());
            try (InputStream in = store.openEvents(launch.id());
                    OutputStream out = Files.newOutputStream(store.file(file))) {
                EventArchive.write(launch.nonce(), in, out);
            } catch (EvidenceException e) {
                // It was altered on this controller between two readings.
                throw new IOException("launch " + launch.id() + ": " + e.getMessage(), e);
            }
            Files.delete(store.file(raw));
        }
        return new Seal.Launch(launch.id(), launch.nonce(), summary.events(), summary.head(), summary.ended(), !broken[0], file);
    }
}

package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.engine.report.LaunchInfo;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.engine.report.ReportBuilder;
import io.jenkins.plugins.hardenrunner.engine.report.ReportJson;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What other blocks of the same build have to do with one that ends: those inside of it, and those of parallel branches
 * that share its workspace. Whatever they have changed is in their reports, and not the work of somebody unseen.
 */
final class OtherBlocks {
    private final OpenBlock block;
    private final ReportBuilder builder;
    private final Set<String> nodes;

    OtherBlocks(@NonNull OpenBlock block, @NonNull ReportBuilder builder) {
        this.block = block;
        this.builder = builder;
        this.nodes = block.launches().stream().map(Launch::node).collect(Collectors.toSet());
    }

    /** Tells the report about them, before sources are compared. */
    void account() throws IOException, InterruptedException {
        for (String id : BlockStore.ids(block.run())) {
            BlockStore store = BlockStore.of(block.run(), id);
            if (!id.equals(block.id()) && store.hasReport()) {
                ended(id, store);
            }
        }
        for (OpenBlock other : OpenBlocks.open(block.run())) {
            if (other != block && other.launches().stream().anyMatch(launch -> nodes.contains(launch.node()))) {
                builder.changedElsewhere(touched(other));
            }
        }
    }

    private void ended(String id, BlockStore store) throws IOException {
        boolean inside = store.spec().isWithin(block.id());
        Report report;
        try (InputStream in = store.openReport()) {
            report = ReportJson.read(in);
        }
        if (inside) {
            builder.nested(id, report);
        } else if (report.ended != null // nothing was supervised in it
                && Instant.parse(report.ended).toEpochMilli() >= block.spec().started
                && report.launchDetails.stream().anyMatch(launch -> nodes.contains("built-in".equals(launch.node) ? "" : launch.node))) {
            builder.changedElsewhere(report.files.stream()
                    .filter(file -> file.before != null || file.after != null)
                    .map(file -> file.path)
                    .collect(Collectors.toSet()));
        }
    }

    /** What an open block has written to so far. Its own report will have it. */
    private static Set<String> touched(OpenBlock other) throws IOException, InterruptedException {
        new Evidence(other).pullAll();
        ReportBuilder events = new ReportBuilder(other.spec().policy());
        for (Launch launch : other.launches()) {
            try (InputStream in = other.store().openEvents(launch.id())) {
                events.readEvents(new LaunchInfo(launch.id(), null, null, null, launch.nonce()).withRunning(true), in);
            }
        }
        return new HashSet<>(events.touchedPaths());
    }
}

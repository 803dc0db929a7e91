package io.jenkins.plugins.hardenrunner.sink;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.hardenrunner.collect.BlockStore;
import io.jenkins.plugins.hardenrunner.engine.audit.Envelope;
import io.jenkins.plugins.hardenrunner.engine.audit.EventArchive;
import io.jenkins.plugins.hardenrunner.engine.audit.Seal;
import io.jenkins.plugins.hardenrunner.engine.audit.SealSeries;
import io.jenkins.plugins.hardenrunner.engine.audit.Verification;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.engine.report.ReportJson;
import io.jenkins.plugins.hardenrunner.engine.sink.BlockMessages;
import io.jenkins.plugins.hardenrunner.engine.sink.Delivery;
import io.jenkins.plugins.hardenrunner.engine.sink.EventMessages;
import io.jenkins.plugins.hardenrunner.engine.sink.SinkDetail;
import io.jenkins.plugins.hardenrunner.engine.sink.SinkMessage;
import io.jenkins.plugins.hardenrunner.engine.sink.SinkQueue;
import io.jenkins.plugins.hardenrunner.engine.sink.SinkSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A block that has ended, as it is stored: what people with access to the build can read, and nothing else, is sent. */
final class BlockFeed {
    private static final Logger LOGGER = Logger.getLogger(BlockFeed.class.getName());

    private final BlockStore store;
    private final SinkSource source;
    private final Report report;
    private final Seal seal;

    private BlockFeed(BlockStore store, SinkSource source, Report report, Seal seal) {
        this.store = store;
        this.source = source;
        this.report = report;
        this.seal = seal;
    }

    @NonNull
    static BlockFeed of(@NonNull Run<?, ?> run, @NonNull String block, @NonNull String instance) throws IOException {
        BlockStore store = BlockStore.of(run, block);
        Report report;
        try (InputStream in = store.openReport()) {
            report = ReportJson.read(in);
        }
        SinkSource source = new SinkSource(instance, run.getParent().getFullName(), run.getNumber(),
                instance + run.getUrl() + "harden-runner/?block=" + block, block);
        return new BlockFeed(store, source, report, seal(store));
    }

    @CheckForNull
    private static Seal seal(BlockStore store) {
        try (InputStream in = store.openEvidence(Verification.SEAL)) {
            return Seal.of(Envelope.fromJson(in.readAllBytes()));
        } catch (IOException e) {
            LOGGER.log(Level.FINE, "a block without a seal", e);
            return null;
        }
    }

    /** Hands the block to a queue; what comes first matters most. */
    void offerTo(@NonNull SinkQueue queue, @NonNull SinkDetail detail) throws IOException {
        BlockMessages messages = new BlockMessages(report, source);
        List<SinkMessage> first = new ArrayList<>(messages.findings());
        first.add(messages.summary(seal == null ? null : SealSeries.Entry.of(seal)));
        queue.offer(first, false);
        if (detail.compareTo(SinkDetail.ENDPOINTS) >= 0) {
            queue.offer(messages.endpoints(), true);
        }
        if (detail == SinkDetail.EVENTS && seal != null) {
            events(queue);
        }
    }

    private void events(SinkQueue queue) throws IOException {
        Map<String, String> nodes = new HashMap<>();
        report.launchDetails.forEach(launch -> nodes.put(launch.id, launch.node));
        for (Seal.Launch launch : seal.launches()) {
            if (launch.file() == null) {
                continue;
            }
            // One launch can have two million events; only so many are in memory at a time.
            List<SinkMessage> batch = new ArrayList<>();
            String node = nodes.get(launch.id());
            try (InputStream stored = store.openEvidence(launch.file());
                    InputStream in = launch.file().endsWith(".gz") ? EventArchive.open(stored) : stored) {
                new EventMessages(source, launch.id(), node == null ? "" : node).read(in, message -> {
                    batch.add(message);
                    if (batch.size() == Delivery.MOST_MESSAGES) {
                        offer(queue, batch);
                    }
                });
                offer(queue, batch);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
    }

    private static void offer(SinkQueue queue, List<SinkMessage> batch) {
        try {
            queue.offer(batch, true);
            batch.clear();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

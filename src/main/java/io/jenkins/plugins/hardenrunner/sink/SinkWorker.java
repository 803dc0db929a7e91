package io.jenkins.plugins.hardenrunner.sink;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.PeriodicWork;
import hudson.model.Run;
import hudson.security.ACL;
import hudson.security.ACLContext;
import io.jenkins.plugins.hardenrunner.collect.BlockStore;
import io.jenkins.plugins.hardenrunner.engine.sink.SinkDetail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import jenkins.model.Jenkins;

/**
 * Brings ended blocks into the queues of the sinks and sends what waits there. Has threads of its own: a slow receiver holds
 * up neither builds nor the timer that the rest of Jenkins shares.
 */
@Extension
public final class SinkWorker extends PeriodicWork {
    private static final Logger LOGGER = Logger.getLogger(SinkWorker.class.getName());

    private final Jenkins jenkins = Jenkins.get();
    private final Map<String, SinkLine> lines = new TreeMap<>();
    /** Blocks whose report or seal is being written; the periodic work leaves them alone. */
    private final Set<String> unfinished = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(4, task -> {
        Thread thread = new Thread(task, "Harden Runner: sinks");
        thread.setDaemon(true);
        return thread;
    });

    @NonNull
    public static SinkWorker get() {
        return ExtensionList.lookupSingleton(SinkWorker.class);
    }

    /** Root URL of this Jenkins; empty if nobody has set it. */
    @NonNull
    static String instance() {
        String root = Jenkins.get().getRootUrl();
        return root == null ? "" : root;
    }

    @NonNull
    static String version() {
        String version = SinkWorker.class.getPackage().getImplementationVersion();
        return version == null ? "" : version;
    }

    private static Path folder() {
        return Jenkins.get().getRootDir().toPath().resolve("harden-runner").resolve("sinks");
    }

    private static SinkOutbox outbox() {
        return new SinkOutbox(folder().resolve("outbox"));
    }

    @Override
    public long getRecurrencePeriod() {
        return TimeUnit.MINUTES.toMillis(1);
    }

    /** A block is about to get its report. From now on a crash does not keep it from the sinks. */
    public void ending(@NonNull Run<?, ?> run, @NonNull String block) throws IOException {
        if (!SinkConfiguration.get().getSinks().isEmpty()) {
            unfinished.add(block);
            outbox().add(new SinkOutbox.Entry(run.getExternalizableId(), block));
        }
    }

    /** A block has its report, and its seal unless that failed. */
    public void ended(@NonNull String block) {
        if (unfinished.remove(block)) {
            soon();
        }
    }

    /** The configuration has changed. */
    void configured() {
        soon();
    }

    private void soon() {
        submit(this::workAll, 0);
    }

    private Future<?> submit(Runnable task, long millis) {
        return threads.schedule(() -> {
            if (Jenkins.getInstanceOrNull() != jenkins) {
                // Jenkins has gone down, and this thread is not told; what waits is on the disk.
                return;
            }
            try (ACLContext ignored = ACL.as2(ACL.SYSTEM2)) {
                task.run();
            } catch (RuntimeException e) {
                LOGGER.log(Level.WARNING, "a sink does not work", e);
            }
        }, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    protected void doRun() {
        soon();
    }

    private void workAll() {
        for (SinkLine line : lines().values()) {
            work(line);
        }
        try {
            publish();
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "what ended blocks have to say stays in the outbox of the sinks", e);
        }
    }

    /** Moves what ended into the queues. One thread at a time, or two would take the same block. */
    private synchronized void publish() throws IOException {
        for (SinkOutbox.Entry entry : outbox().entries()) {
            if (unfinished.contains(entry.block())) {
                continue;
            }
            Run<?, ?> run = run(entry);
            if (run == null) {
                LOGGER.warning(() -> "the sinks are not told of block " + entry.block() + ": there is no build " + entry.run());
                outbox().remove(entry);
            } else if (BlockStore.of(run, entry.block()).hasReport()) {
                publish(run, entry);
            }
        }
    }

    @CheckForNull
    private static Run<?, ?> run(SinkOutbox.Entry entry) {
        try {
            return Run.fromExternalizableId(entry.run());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private void publish(Run<?, ?> run, SinkOutbox.Entry entry) throws IOException {
        BlockFeed feed;
        try {
            feed = BlockFeed.of(run, entry.block(), instance());
        } catch (IOException e) {
            // It does not get better, and those behind it must not wait for it.
            LOGGER.log(Level.WARNING, e, () -> "the sinks are not told of block " + entry.block() + " of " + entry.run());
            outbox().remove(entry);
            return;
        }
        Map<String, SinkLine> now = lines();
        for (Sink sink : SinkConfiguration.get().getSinks()) {
            SinkLine line = now.get(sink.getName());
            if (line != null) {
                feed.offerTo(line.queue(), SinkDetail.parse(sink.getDetail()));
                work(line);
            }
        }
        outbox().remove(entry);
    }

    /** All sinks that are configured, and those that were and have something left, by name. */
    @NonNull
    Map<String, SinkLine> lines() {
        List<Sink> sinks = SinkConfiguration.get().getSinks();
        synchronized (lines) {
            for (String name : stored()) {
                open(name, Sink.DEFAULT_MEGABYTES);
            }
            for (Sink sink : sinks) {
                open(sink.getName(), sink.getSpoolMegabytes());
            }
            lines.forEach((name, line) -> line.configure(sinks.stream().filter(sink -> sink.getName().equals(name)).findFirst().orElse(null)));
            return new TreeMap<>(lines);
        }
    }

    private void open(String name, int megabytes) {
        if (!lines.containsKey(name)) {
            try {
                lines.put(name, new SinkLine(folder().resolve("spool").resolve(name), (long) megabytes << 20));
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, e, () -> "cannot use the spool of the sink '" + name + "'");
            }
        }
    }

    private static List<String> stored() {
        List<String> names = new ArrayList<>();
        Path spools = folder().resolve("spool");
        if (Files.isDirectory(spools)) {
            try (Stream<Path> children = Files.list(spools)) {
                children.map(child -> child.getFileName().toString()).filter(name -> name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")).forEach(names::add);
            } catch (IOException e) {
                LOGGER.log(Level.WARNING, "cannot list the spools of the sinks", e);
            }
        }
        return names;
    }

    /** Sends what is due in a line, in another thread, unless one does so already. */
    void work(@NonNull SinkLine line) {
        if (line.want()) {
            submit(() -> workNow(line), 0);
        }
    }

    private void workNow(SinkLine line) {
        try {
            Instant due = line.work(instance());
            if (due != null) {
                // The periodic work comes each minute anyway.
                long wait = Duration.between(Instant.now(), due.isBefore(Instant.EPOCH) ? Instant.now() : due).toMillis();
                if (wait < getRecurrencePeriod()) {
                    line.timer(submit(() -> work(line), Math.max(0, wait) + 1));
                }
            }
        } catch (IOException e) {
            LOGGER.log(Level.WARNING, "the spool of a sink cannot be used", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

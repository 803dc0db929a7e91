package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Proc;
import hudson.model.Run;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A {@code hardenRunner} block that is open: its policy, what was launched in it, and what could not be covered. */
public final class OpenBlock {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Run<?, ?> run;
    private final BlockSpec spec;
    private final BlockStore store;
    private final BlockSources sources;
    private final BlockSecrets secrets;
    private final List<Launch> launches;
    private final List<Gap> gaps = new ArrayList<>();
    private final Map<String, Proc> starting = new TreeMap<>();
    private final Set<String> complete = new HashSet<>();
    private final Map<String, LaunchPolicy> policies = new TreeMap<>();
    private final Map<String, AgentState> agents = new TreeMap<>();
    private final Map<String, Watch> watches = new TreeMap<>();
    private Consumer<Throwable> cancel;

    private OpenBlock(Run<?, ?> run, BlockSpec spec, BlockStore store) throws IOException {
        this.run = run;
        this.spec = spec;
        this.store = store;
        this.sources = new BlockSources(store);
        this.secrets = new BlockSecrets(store);
        this.launches = store.launches().read();
        for (String[] line : store.gaps().read()) {
            gaps.add(new Gap(Gap.Kind.valueOf(line[0]), line[1], line[2]));
        }
    }

    @NonNull
    static OpenBlock create(@NonNull Run<?, ?> run, @NonNull BlockSpec spec) throws IOException {
        BlockStore store = BlockStore.of(run, spec.id);
        store.create(spec);
        return new OpenBlock(run, spec, store);
    }

    /** The block as it was left by a restart; null if it never was or has ended. */
    @CheckForNull
    static OpenBlock load(@NonNull Run<?, ?> run, @NonNull String id) throws IOException {
        BlockStore store = BlockStore.of(run, id);
        return store.exists() && !store.hasReport() ? new OpenBlock(run, store.spec(), store) : null;
    }

    @NonNull
    public String id() {
        return spec.id;
    }

    @NonNull
    public Run<?, ?> run() {
        return run;
    }

    @NonNull
    public BlockSpec spec() {
        return spec;
    }

    @NonNull
    BlockStore store() {
        return store;
    }

    /** The sources in the workspaces that the block has used. */
    @NonNull
    public BlockSources sources() {
        return sources;
    }

    /** What must not stand in the block's records. */
    @NonNull
    public BlockSecrets secrets() {
        return secrets;
    }

    /** What is known about an agent's folder, by a key that the caller chooses; lost at a restart and found anew. */
    @CheckForNull
    public synchronized AgentState agent(@NonNull String key) {
        return agents.get(key);
    }

    public synchronized void agent(@NonNull String key, @NonNull AgentState state) {
        agents.put(key, state);
    }

    /** The policy of launches, by a key that the caller chooses; null if it was not made yet. */
    @CheckForNull
    public synchronized LaunchPolicy policy(@NonNull String key) {
        return policies.get(key);
    }

    public synchronized void policy(@NonNull String key, @NonNull LaunchPolicy policy) {
        policies.put(key, policy);
    }

    /** Takes a number for a launch and writes it down, before anything starts. */
    @NonNull
    public synchronized Launch newLaunch(
            @NonNull String node, @NonNull String folder, @NonNull String step, boolean wrapper) throws IOException {
        byte[] nonce = new byte[32];
        RANDOM.nextBytes(nonce);
        Launch launch = new Launch(
                "l-" + (launches.size() + 1), HexFormat.of().formatHex(nonce), node, folder, step, wrapper,
                System.currentTimeMillis());
        try {
            store.launches().append(launch);
        } catch (IOException e) {
            // A launch that nobody has written down could lose its evidence unnoticed.
            throw new IOException("Harden Runner: the controller cannot store what it has to know about this command ("
                    + e.getMessage() + "); it was not started", e);
        }
        launches.add(launch);
        return launch;
    }

    /** The command was handed to the agent; from now on its evidence is collected. */
    public void started(@NonNull Launch launch, @NonNull Proc proc) {
        synchronized (this) {
            starting.put(launch.id(), proc);
        }
        BlockPoller.watch(this);
    }

    /** Goes on collecting after a restart. */
    public void resume() {
        BlockPoller.watch(this);
    }

    /** The process of a launch that has shown no evidence yet; null if it has, or since a restart. */
    @CheckForNull
    synchronized Proc starting(@NonNull Launch launch) {
        return starting.get(launch.id());
    }

    synchronized void armed(@NonNull Launch launch) {
        starting.remove(launch.id());
    }

    /** Whether it is known already that a launch has nothing more to fetch. */
    synchronized boolean isComplete(@NonNull Launch launch) {
        return complete.contains(launch.id());
    }

    synchronized void complete(@NonNull Launch launch) {
        complete.add(launch.id());
    }

    @NonNull
    synchronized List<Launch> launches() {
        return new ArrayList<>(launches);
    }

    /** What was seen of a launch's supervisor; lost at a restart and found anew. */
    @NonNull
    synchronized Watch watch(@NonNull Launch launch) {
        return watches.computeIfAbsent(launch.id(), id -> new Watch());
    }

    /** What the poller has seen of a supervisor. */
    static final class Watch {
        long alive;
        int gone;
        boolean told;
    }

    /** Remembers that commands ran outside supervision; returns whether this is new, so that it is told once. */
    public boolean unsupervised(@NonNull String subject, @NonNull String reason) throws IOException {
        return add(new Gap(Gap.Kind.UNSUPERVISED, subject, reason));
    }

    /** Remembers that supervision was incomplete; returns whether this is new. */
    public boolean incomplete(@NonNull String subject, @NonNull String reason) throws IOException {
        return add(new Gap(Gap.Kind.INCOMPLETE, subject, reason));
    }

    /**
     * Remembers something that was at work beside the block and is out of supervision's reach by its nature, such as
     * what a plugin does in the agent's JVM. It is in the report's coverage and changes neither state nor verdict.
     */
    public void beside(@NonNull String subject, @NonNull String reason) throws IOException {
        add(new Gap(Gap.Kind.BESIDE, subject, reason));
    }

    private synchronized boolean add(Gap gap) throws IOException {
        if (gaps.contains(gap)) {
            return false;
        }
        store.gaps().append(gap.kind().name(), gap.subject(), gap.reason());
        gaps.add(gap);
        return true;
    }

    @NonNull
    synchronized List<Gap> gaps() {
        return new ArrayList<>(gaps);
    }

    /** Something that the report must not claim to know about. */
    record Gap(@NonNull Kind kind, @NonNull String subject, @NonNull String reason) {
        /** How much is missing. The names stand in the build's folder. */
        enum Kind {
            UNSUPERVISED,
            INCOMPLETE,
            BESIDE
        }
    }

    /** What to call if the block cannot go on. */
    public synchronized void onCancel(@NonNull Consumer<Throwable> action) {
        cancel = action;
    }

    synchronized void cancel(@NonNull Throwable cause) {
        if (cancel != null) {
            cancel.accept(cause);
        }
    }
}

package io.jenkins.plugins.hardenrunner.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.AsyncPeriodicWork;
import hudson.model.TaskListener;
import hudson.util.FormValidation;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyLayer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.Jenkins;

/** Looks after the block-list feeds: what is due is loaded anew, and what fails leaves the last good state in force. */
@Extension
public final class BlockListFeeds extends AsyncPeriodicWork {
    private static final Logger LOGGER = Logger.getLogger(BlockListFeeds.class.getName());

    private final Map<String, FeedState> states = new ConcurrentHashMap<>();

    public BlockListFeeds() {
        super("Harden Runner block-list feeds");
    }

    private static BlockListFeeds get() {
        return ExtensionList.lookupSingleton(BlockListFeeds.class);
    }

    @Override
    public long getRecurrencePeriod() {
        return TimeUnit.MINUTES.toMillis(1);
    }

    @Override
    protected Level getNormalLoggingLevel() {
        return Level.FINE;
    }

    @Override
    protected void execute(TaskListener listener) throws IOException, InterruptedException {
        List<BlockListFeed> feeds = HardenRunnerConfiguration.get().getFeeds();
        for (BlockListFeed feed : feeds) {
            FeedState state = state(feed);
            if (state.isDue(feed, System.currentTimeMillis())) {
                String failure = state.load(feed);
                if (failure != null) {
                    LOGGER.warning(() -> "block-list feed '" + feed.getName() + "': " + failure);
                }
            }
        }
        states.keySet().retainAll(feeds.stream().map(BlockListFeeds::key).toList());
    }

    private static String key(BlockListFeed feed) {
        return feed.getName() + " " + feed.getLocation() + " " + feed.getSha256();
    }

    private FeedState state(BlockListFeed feed) {
        return states.computeIfAbsent(key(feed), any -> FeedState.stored(
                Jenkins.get().getRootDir().toPath().resolve("harden-runner").resolve("feeds"), feed));
    }

    /** Makes all feeds due; for tests, which cannot wait. */
    void forgetTimes() {
        states.values().forEach(FeedState::forgetTime);
    }

    /** Loads what is new, without waiting for it. */
    static void refreshSoon() {
        get().run();
    }

    /** The entries of all feeds, one layer a feed. */
    @NonNull
    static List<PolicyLayer> layers() {
        List<PolicyLayer> layers = new ArrayList<>();
        for (BlockListFeed feed : HardenRunnerConfiguration.get().getFeeds()) {
            layers.add(get().state(feed).layer());
        }
        return layers;
    }

    /** What a block should know: feeds of which nothing was ever loaded, and those that fail. */
    @NonNull
    static List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (BlockListFeed feed : HardenRunnerConfiguration.get().getFeeds()) {
            String problem = get().state(feed).problem();
            if (problem != null) {
                problems.add("block-list feed '" + feed.getName() + "': " + problem);
            }
        }
        return problems;
    }

    /** How a feed is doing, for the form. */
    @NonNull
    static FormValidation status(@CheckForNull String name, @CheckForNull String location) {
        for (BlockListFeed feed : HardenRunnerConfiguration.get().getFeeds()) {
            if (feed.getName().equals(PolicyForms.blankToNull(name)) && feed.getLocation().equals(PolicyForms.blankToNull(location))) {
                FeedState state = get().state(feed);
                String problem = state.problem();
                return problem == null ? FormValidation.ok(Messages.BlockListFeeds_loaded(state.size(), state.loadedAt()))
                        : FormValidation.warning(problem);
            }
        }
        return FormValidation.ok();
    }
}

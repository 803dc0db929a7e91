package io.jenkins.plugins.hardenrunner.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.BuildBadgeAction;
import hudson.model.Run;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import jenkins.model.RunAction2;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** The summary that a build keeps. Has no page; that is {@link HardenRunnerTab}. */
@ExportedBean
public final class HardenRunnerAction implements RunAction2, BuildBadgeAction {
    /** Best first. */
    private static final List<String> STATES = List.of("enforced", "degraded", "off");

    private static final List<String> VERDICTS = List.of("ok", "deviates", "not-supervised", "violated");

    private final List<BlockSummary> blocks = new ArrayList<>();
    private transient Run<?, ?> run;

    private HardenRunnerAction() {}

    private Object readResolve() {
        if (blocks != null) {
            blocks.removeIf(block -> block == null || block.getId() == null);
            return this;
        }
        return new HardenRunnerAction(); // a record that somebody has cut
    }

    /** Adds a block that has ended to the summary of its build. */
    public static void add(@NonNull Run<?, ?> run, @NonNull BlockSummary block) {
        // Two blocks of parallel branches may end at the same time.
        synchronized (HardenRunnerAction.class) {
            HardenRunnerAction action = run.getAction(HardenRunnerAction.class);
            if (action == null) {
                action = new HardenRunnerAction();
                action.blocks.add(block);
                run.addAction(action);
            } else {
                synchronized (action.blocks) {
                    action.blocks.add(block);
                }
            }
        }
    }

    @Override
    public void onAttached(Run<?, ?> r) {
        run = r;
    }

    @Override
    public void onLoad(Run<?, ?> r) {
        run = r;
    }

    /** The blocks in the order in which they ended. */
    @NonNull
    @Exported(visibility = 2)
    public List<BlockSummary> getBlocks() {
        synchronized (blocks) {
            return new ArrayList<>(blocks);
        }
    }

    /** The worst state of all blocks. */
    @NonNull
    @Exported(visibility = 2)
    public String getState() {
        return worst(STATES, BlockSummary::getState);
    }

    /** The worst verdict of all blocks. */
    @NonNull
    @Exported(visibility = 2)
    public String getVerdict() {
        return worst(VERDICTS, BlockSummary::getVerdict);
    }

    private String worst(List<String> order, Function<BlockSummary, String> value) {
        return getBlocks().stream().map(value).max(Comparator.comparingInt(order::indexOf)).orElse(order.get(0));
    }

    /** Whether a person should look. */
    public boolean isAlarming() {
        return getBlocks().stream().anyMatch(BlockSummary::isAlarming);
    }

    /** Where the report is, relative to the build. */
    @NonNull
    public String getReportUrl() {
        return HardenRunnerTab.URL;
    }

    @CheckForNull
    public Run<?, ?> getRun() {
        return run;
    }

    @CheckForNull
    @Override
    public String getIconFileName() {
        return null;
    }

    @CheckForNull
    @Override
    public String getDisplayName() {
        return null;
    }

    @CheckForNull
    @Override
    public String getUrlName() {
        return null;
    }
}

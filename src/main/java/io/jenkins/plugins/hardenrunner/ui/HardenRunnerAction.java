package io.jenkins.plugins.hardenrunner.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.RunAction2;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** The summary that a build keeps. Has no page; that is {@link HardenRunnerTab}. */
@ExportedBean
public final class HardenRunnerAction implements RunAction2 {
    private final List<BlockSummary> blocks = new ArrayList<>();
    private transient Run<?, ?> run;

    private HardenRunnerAction() {}

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

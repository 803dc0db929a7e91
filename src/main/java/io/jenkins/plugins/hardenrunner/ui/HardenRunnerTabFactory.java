package io.jenkins.plugins.hardenrunner.ui;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Run;
import io.jenkins.plugins.hardenrunner.collect.LiveReport;
import java.util.Collection;
import java.util.List;
import jenkins.model.TransientActionFactory;

/** Gives each build that had a block, or is in one, its page. */
@Extension
@SuppressWarnings("rawtypes") // as the extension point has it
public final class HardenRunnerTabFactory extends TransientActionFactory<Run> {
    @Override
    public Class<Run> type() {
        return Run.class;
    }

    @Override
    public Class<? extends Action> actionType() {
        return HardenRunnerTab.class;
    }

    @NonNull
    @Override
    public Collection<? extends Action> createFor(@NonNull Run target) {
        boolean shown = target.getAction(HardenRunnerAction.class) != null
                || !LiveReport.ids((Run<?, ?>) target).isEmpty();
        return shown ? List.of(new HardenRunnerTab(target)) : List.of();
    }
}

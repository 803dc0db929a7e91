package io.jenkins.plugins.hardenrunner.collect;

import hudson.Extension;
import hudson.model.Run;
import hudson.model.listeners.RunListener;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Takes a build that is deleted out of its job's trend. What it taught stays: it was normal, and still is. */
@Extension
public final class RunDeletion extends RunListener<Run<?, ?>> {
    private static final Logger LOGGER = Logger.getLogger(RunDeletion.class.getName());

    @Override
    public void onDeleted(Run<?, ?> run) {
        JobStore store = JobStore.of(run.getParent());
        // The folder is gone when the whole job is being deleted; it must not come back.
        if (!store.exists()) {
            return;
        }
        try {
            store.update(trend -> trend.without(run.getNumber()), summary -> summary);
        } catch (IOException | RuntimeException e) {
            LOGGER.log(Level.WARNING, e, () -> "cannot take " + run + " out of the trend of its job");
        }
    }
}

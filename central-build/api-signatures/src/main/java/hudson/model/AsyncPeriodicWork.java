package hudson.model;

import java.io.IOException;
import java.util.logging.Level;

public abstract class AsyncPeriodicWork extends PeriodicWork {
    protected AsyncPeriodicWork(String a) {}

    @Override
    public final void doRun() {
        throw new AssertionError();
    }

    protected Level getNormalLoggingLevel() {
        throw new AssertionError();
    }

    protected abstract void execute(TaskListener a) throws IOException, InterruptedException;
}

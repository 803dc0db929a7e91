package hudson.model;

import java.io.IOException;
import java.util.logging.Level;

public abstract class AsyncPeriodicWork extends PeriodicWork {
    protected AsyncPeriodicWork(String a) {}

    protected Level getNormalLoggingLevel() {
        throw new AssertionError();
    }

    protected abstract void execute(TaskListener a) throws IOException, InterruptedException;
}

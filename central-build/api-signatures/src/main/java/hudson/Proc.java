package hudson;

import hudson.model.TaskListener;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

public abstract class Proc {
    private Proc() {}

    public abstract boolean isAlive() throws IOException, InterruptedException;

    public final int joinWithTimeout(long a, TimeUnit b, TaskListener c) throws IOException, InterruptedException {
        throw new AssertionError();
    }
}

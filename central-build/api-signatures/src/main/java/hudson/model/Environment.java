package hudson.model;

import java.io.IOException;

public abstract class Environment {
    public Environment() {}

    @SuppressWarnings("rawtypes")
    public boolean tearDown(AbstractBuild a, BuildListener b) throws IOException, InterruptedException {
        throw new AssertionError();
    }
}

package hudson.tasks;

import hudson.Launcher;
import hudson.model.AbstractBuild;
import hudson.model.BuildListener;
import hudson.model.Describable;
import java.io.IOException;

@SuppressWarnings("rawtypes")
public abstract class BuildWrapper implements Describable<BuildWrapper> {
    public BuildWrapper() {}

    public BuildWrapper.Environment setUp(AbstractBuild a, Launcher b, BuildListener c) throws IOException, InterruptedException {
        throw new AssertionError();
    }

    public Launcher decorateLauncher(AbstractBuild a, Launcher b, BuildListener c) throws IOException, InterruptedException {
        throw new AssertionError();
    }

    public abstract class Environment extends hudson.model.Environment {
        public Environment() {}

        public boolean tearDown(AbstractBuild a, BuildListener b) throws IOException, InterruptedException {
            throw new AssertionError();
        }
    }
}

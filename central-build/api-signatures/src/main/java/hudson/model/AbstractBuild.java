package hudson.model;

import hudson.EnvVars;
import hudson.FilePath;
import java.io.IOException;
import java.util.Set;

public abstract class AbstractBuild<P extends AbstractProject<P, R>, R extends AbstractBuild<P, R>> extends Run<P, R> implements Queue.Executable {
    private AbstractBuild() {}

    public Node getBuiltOn() {
        throw new AssertionError();
    }

    public final FilePath getWorkspace() {
        throw new AssertionError();
    }

    public EnvVars getEnvironment(TaskListener a) throws IOException, InterruptedException {
        throw new AssertionError();
    }

    public Set<String> getSensitiveBuildVariables() {
        throw new AssertionError();
    }
}

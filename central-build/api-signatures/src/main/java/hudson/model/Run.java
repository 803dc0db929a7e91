package hudson.model;

import hudson.EnvVars;
import hudson.security.AccessControlled;
import java.io.File;
import java.io.IOException;
import java.util.List;
import jenkins.model.ArtifactManager;
import org.springframework.security.access.AccessDeniedException;

public abstract class Run<JobT extends Job<JobT, RunT>, RunT extends Run<JobT, RunT>> extends Actionable implements Comparable<RunT>, AccessControlled, Saveable, ModelObject {
    Run() {}

    public JobT getParent() {
        throw new AssertionError();
    }

    public int getNumber() {
        throw new AssertionError();
    }

    public Result getResult() {
        throw new AssertionError();
    }

    public List<Cause> getCauses() {
        throw new AssertionError();
    }

    public EnvVars getEnvironment(TaskListener a) throws IOException, InterruptedException {
        throw new AssertionError();
    }

    public Executor getExecutor() {
        throw new AssertionError();
    }

    public void addAction(Action a) {
        throw new AssertionError();
    }

    public void setResult(Result a) {
        throw new AssertionError();
    }

    public final ArtifactManager getArtifactManager() {
        throw new AssertionError();
    }

    public String getUrl() {
        throw new AssertionError();
    }

    public File getRootDir() {
        throw new AssertionError();
    }

    public void save() throws IOException {
        throw new AssertionError();
    }

    public String getExternalizableId() {
        throw new AssertionError();
    }

    public static Run<?, ?> fromExternalizableId(String a) throws IllegalArgumentException, AccessDeniedException {
        throw new AssertionError();
    }
}

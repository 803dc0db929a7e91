package jenkins.tasks;

import hudson.EnvVars;
import hudson.FilePath;
import hudson.Launcher;
import hudson.model.Run;
import hudson.model.TaskListener;
import hudson.tasks.BuildStep;
import java.io.IOException;

public interface SimpleBuildStep extends BuildStep {
    default void perform(Run<?, ?> a, FilePath b, EnvVars c, Launcher d, TaskListener e) throws InterruptedException, IOException {
        throw new AssertionError();
    }
}

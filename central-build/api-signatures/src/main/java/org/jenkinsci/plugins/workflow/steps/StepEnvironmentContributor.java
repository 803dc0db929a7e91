package org.jenkinsci.plugins.workflow.steps;

import hudson.EnvVars;
import hudson.model.TaskListener;
import java.io.IOException;

public abstract class StepEnvironmentContributor {
    public StepEnvironmentContributor() {}

    public void buildEnvironmentFor(StepContext a, EnvVars b, TaskListener c) throws IOException, InterruptedException {
        throw new AssertionError();
    }
}

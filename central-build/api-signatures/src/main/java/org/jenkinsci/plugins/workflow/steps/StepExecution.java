package org.jenkinsci.plugins.workflow.steps;

import java.io.Serializable;

public abstract class StepExecution implements Serializable {
    StepExecution() {}

    public StepContext getContext() {
        throw new AssertionError();
    }

    public abstract boolean start() throws Exception;

    public void onResume() {
        throw new AssertionError();
    }
}

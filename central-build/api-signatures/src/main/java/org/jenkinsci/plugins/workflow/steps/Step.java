package org.jenkinsci.plugins.workflow.steps;

import hudson.model.Describable;

public abstract class Step implements Describable<Step> {
    public Step() {}

    public abstract StepExecution start(StepContext a) throws Exception;

    public StepDescriptor getDescriptor() {
        throw new AssertionError();
    }
}

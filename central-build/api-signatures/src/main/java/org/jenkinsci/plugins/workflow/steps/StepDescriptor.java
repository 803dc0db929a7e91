package org.jenkinsci.plugins.workflow.steps;

import hudson.model.Descriptor;
import java.util.Set;

public abstract class StepDescriptor extends Descriptor<Step> {
    public StepDescriptor() {}

    public abstract Set<? extends Class<?>> getRequiredContext();

    public Set<? extends Class<?>> getProvidedContext() {
        throw new AssertionError();
    }

    public abstract String getFunctionName();

    public boolean takesImplicitBlockArgument() {
        throw new AssertionError();
    }

    public boolean isMetaStep() {
        throw new AssertionError();
    }
}

package org.jenkinsci.plugins.workflow.flow;

import org.jenkinsci.plugins.workflow.steps.Step;
import org.jenkinsci.plugins.workflow.steps.StepContext;

public interface StepListener {
    void notifyOfNewStep(Step a, StepContext b);
}

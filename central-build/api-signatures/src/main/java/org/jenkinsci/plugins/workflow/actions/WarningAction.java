package org.jenkinsci.plugins.workflow.actions;

import hudson.model.Action;
import hudson.model.Result;

public class WarningAction implements Action {
    public WarningAction(Result a) {}

    public WarningAction withMessage(String a) {
        throw new AssertionError();
    }

    @Override
    public String getIconFileName() {
        throw new AssertionError();
    }

    @Override
    public String getDisplayName() {
        throw new AssertionError();
    }

    @Override
    public String getUrlName() {
        throw new AssertionError();
    }
}

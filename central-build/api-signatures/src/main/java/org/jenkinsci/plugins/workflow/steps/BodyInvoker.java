package org.jenkinsci.plugins.workflow.steps;

import hudson.LauncherDecorator;

public abstract class BodyInvoker {
    public BodyInvoker withContexts(Object... a) {
        throw new AssertionError();
    }

    public abstract BodyInvoker withCallback(BodyExecutionCallback a);

    public abstract BodyExecution start();

    public static LauncherDecorator mergeLauncherDecorators(LauncherDecorator a, LauncherDecorator b) {
        throw new AssertionError();
    }
}

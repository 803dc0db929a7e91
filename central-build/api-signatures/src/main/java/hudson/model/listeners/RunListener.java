package hudson.model.listeners;

import hudson.model.Run;
import hudson.model.TaskListener;

public abstract class RunListener<R extends Run> {
    protected RunListener() {}

    public void onCompleted(R a, TaskListener b) {
        throw new AssertionError();
    }

    public void onDeleted(R a) {
        throw new AssertionError();
    }
}

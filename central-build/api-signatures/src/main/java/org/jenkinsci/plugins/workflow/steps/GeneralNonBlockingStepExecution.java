package org.jenkinsci.plugins.workflow.steps;

public abstract class GeneralNonBlockingStepExecution extends StepExecution {
    protected GeneralNonBlockingStepExecution(StepContext a) {}

    protected final void run(GeneralNonBlockingStepExecution.Block a) {
        throw new AssertionError();
    }

    public void onResume() {
        throw new AssertionError();
    }

    protected interface Block {
        void run() throws Exception;
    }

    protected abstract class TailCall extends BodyExecutionCallback {
        protected TailCall() {}

        protected abstract void finished(StepContext a) throws Exception;
    }
}

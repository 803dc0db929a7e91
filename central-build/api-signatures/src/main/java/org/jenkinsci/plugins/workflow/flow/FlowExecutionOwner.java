package org.jenkinsci.plugins.workflow.flow;

public abstract class FlowExecutionOwner {
    public FlowExecution getOrNull() {
        throw new AssertionError();
    }

    public interface Executable {
        FlowExecutionOwner asFlowExecutionOwner();
    }
}

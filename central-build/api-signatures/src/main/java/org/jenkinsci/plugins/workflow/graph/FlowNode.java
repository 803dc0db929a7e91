package org.jenkinsci.plugins.workflow.graph;

import hudson.model.Action;
import hudson.model.Actionable;
import hudson.model.Saveable;

public abstract class FlowNode extends Actionable implements Saveable {
    FlowNode() {}

    public Iterable<BlockStartNode> iterateEnclosingBlocks() {
        throw new AssertionError();
    }

    public String getId() {
        throw new AssertionError();
    }

    public String getDisplayFunctionName() {
        throw new AssertionError();
    }

    public <T extends Action> T getAction(Class<T> a) {
        throw new AssertionError();
    }
}

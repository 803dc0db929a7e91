package org.jenkinsci.plugins.workflow.actions;

import hudson.model.Action;
import java.util.Map;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

public abstract class ArgumentsAction implements Action {
    private ArgumentsAction() {}

    public static Map<String, Object> getFilteredArguments(FlowNode node) {
        throw new AssertionError();
    }
}

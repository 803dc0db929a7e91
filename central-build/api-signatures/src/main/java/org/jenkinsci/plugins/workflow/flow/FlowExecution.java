package org.jenkinsci.plugins.workflow.flow;

import java.io.IOException;
import org.jenkinsci.plugins.workflow.graph.FlowNode;

public abstract class FlowExecution {
    public abstract FlowNode getNode(String a) throws IOException;
}

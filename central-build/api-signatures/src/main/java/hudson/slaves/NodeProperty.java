package hudson.slaves;

import hudson.model.Describable;
import hudson.model.Node;

public abstract class NodeProperty<N extends Node> implements Describable<NodeProperty<?>> {
    public NodeProperty() {}
}

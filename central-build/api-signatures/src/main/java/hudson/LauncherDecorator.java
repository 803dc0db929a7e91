package hudson;

import hudson.model.Node;

public abstract class LauncherDecorator {
    public LauncherDecorator() {}

    public abstract Launcher decorate(Launcher a, Node b);
}

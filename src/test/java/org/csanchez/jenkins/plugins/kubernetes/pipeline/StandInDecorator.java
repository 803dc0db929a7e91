package org.csanchez.jenkins.plugins.kubernetes.pipeline;

import hudson.Launcher;
import hudson.LauncherDecorator;
import hudson.Proc;
import hudson.model.Node;
import java.io.OutputStream;
import java.util.List;
import java.util.function.BiConsumer;

/** Like the one of {@code container('x')}: it runs the command itself and never asks the launcher beneath. */
public final class StandInDecorator extends LauncherDecorator {
    private final BiConsumer<List<String>, OutputStream> started;
    private final Proc proc;

    public StandInDecorator(BiConsumer<List<String>, OutputStream> started, Proc proc) {
        this.started = started;
        this.proc = proc;
    }

    @Override
    public Launcher decorate(Launcher launcher, Node node) {
        return new Launcher.DecoratedLauncher(launcher) {
            @Override
            public Proc launch(ProcStarter starter) {
                started.accept(starter.cmds(), starter.stdout());
                return proc;
            }
        };
    }
}

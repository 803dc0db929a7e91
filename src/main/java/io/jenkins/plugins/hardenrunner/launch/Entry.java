package io.jenkins.plugins.hardenrunner.launch;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Launcher;
import io.jenkins.plugins.hardenrunner.engine.container.DockerCommand;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Where a command runs: on the agent, or in a container that it enters.
 *
 * @param container whether it is a container
 * @param name tells containers of one agent apart; empty where there is nothing to tell
 * @param enter makes a command line that runs another command at the same place
 */
record Entry(boolean container, @NonNull String name, @NonNull UnaryOperator<List<String>> enter) {
    /** @param inner the launcher beneath ours, which enters the container by itself if ours stands inside of that step */
    @NonNull
    static Entry of(@NonNull Launcher inner, @NonNull List<String> command) {
        DockerCommand docker = DockerCommand.parse(command);
        if (docker.kind() == DockerCommand.Kind.EXEC) {
            return new Entry(true, " " + docker.container(), other -> docker.inside(command, other));
        }
        return new Entry(Containers.inContainer(inner), "", other -> other);
    }
}

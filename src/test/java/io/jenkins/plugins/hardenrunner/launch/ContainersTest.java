package io.jenkins.plugins.hardenrunner.launch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainersTest {
    @ParameterizedTest
    @CsvSource({
        "org.csanchez.jenkins.plugins.kubernetes.pipeline.ContainerExecDecorator$1, true",
        "org.jenkinsci.plugins.docker.workflow.WithContainerStep$Decorator$1, true",
        "hudson.Launcher$LocalLauncher, false",
        "hudson.Launcher$3, false",
        "org.example.kubernetes.pipeline.Other, false"
    })
    void containersAreKnownByTheirLaunchersClass(String name, boolean container) {
        assertThat(Containers.isContainer(name), is(container));
    }

    @ParameterizedTest
    @CsvSource({
        "org.csanchez.jenkins.plugins.kubernetes.pipeline.ContainerExecDecorator$1, false",
        "org.jenkinsci.plugins.docker.workflow.WithContainerStep$Decorator$1, true"
    })
    void onlyDockerHandsUsTheCommand(String name, boolean passesOn) {
        assertThat(Containers.passesOn(name), is(passesOn));
    }
}

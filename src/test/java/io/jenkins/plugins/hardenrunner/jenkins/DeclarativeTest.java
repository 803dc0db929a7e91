package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.is;

import hudson.model.Result;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.hardenrunner.step.HardenRunnerStep;
import java.util.stream.Stream;
import org.jenkinsci.plugins.workflow.graph.FlowNode;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

@WithJenkins
class DeclarativeTest {
    /** Declarative offers no step as an option that requires a launcher or a workspace. */
    @Test
    void requiredContextIsWhatOptionsAllow(JenkinsRule r) {
        assertThat(
                new HardenRunnerStep.DescriptorImpl().getRequiredContext(),
                containsInAnyOrder(Run.class, TaskListener.class, FlowNode.class));
    }

    static Stream<String> pipelines() {
        return Stream.of(
                """
                pipeline {
                  agent any
                  options { hardenRunner(egressPolicy: 'block', allowedEndpoints: ['a.example.com', 'b.example.com:80']) }
                  stages { stage('s') { steps { sh 'true' } } }
                }""",
                """
                pipeline {
                  agent none
                  stages {
                    stage('s') {
                      agent any
                      options { hardenRunner(egressPolicy: 'block') }
                      steps { sh 'true' }
                    }
                  }
                }""",
                """
                pipeline {
                  agent none
                  options { hardenRunner(egressPolicy: 'block') }
                  stages {
                    stage('s') {
                      agent any
                      steps { sh 'true' }
                    }
                  }
                }""",
                """
                pipeline {
                  agent any
                  stages { stage('s') { steps { hardenRunner(egressPolicy: 'block') { sh 'true' } } } }
                }""");
    }

    @ParameterizedTest
    @MethodSource("pipelines")
    void optionsAndStepsAreSupervised(String script, JenkinsRule r) throws Exception {
        WorkflowRun b = Builds.run(r, Result.SUCCESS, script);
        assertThat(Builds.report(b).launches, is(1));
        assertThat(Builds.report(b).state, is("enforced"));
        assertThat(Builds.report(b).policy.egressPolicy, is("block"));
    }

    private static final String NOTE = "This block stands outside of an agent";

    @Test
    void optionsOutsideOfTheirAgentAreNoted(JenkinsRule r) throws Exception {
        String options = "options { hardenRunner(egressPolicy: 'audit') }";
        String stages = "stages { stage('s') { %s steps { sh 'true' } } }";
        r.assertLogNotContains(NOTE, Builds.run(r, Result.SUCCESS,
                "pipeline { agent any\n" + options + "\n" + stages.formatted("") + " }"));
        r.assertLogNotContains(NOTE, Builds.run(r, Result.SUCCESS,
                "pipeline { agent any\n" + stages.formatted(options + "\n") + " }"));
        r.assertLogContains(NOTE, Builds.run(r, Result.SUCCESS,
                "pipeline { agent none\n" + stages.formatted("agent any\n" + options + "\n") + " }"));
        r.assertLogContains(NOTE, Builds.run(r, Result.SUCCESS,
                "pipeline { agent none\n" + options + "\n" + stages.formatted("agent any\n") + " }"));
    }
}

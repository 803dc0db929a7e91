package io.jenkins.plugins.hardenrunner.jenkins;

import hudson.model.ParameterValue;
import hudson.model.ParametersDefinitionProperty;
import hudson.model.PasswordParameterDefinition;
import hudson.model.PasswordParameterValue;
import hudson.util.Secret;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jvnet.hudson.test.JenkinsRule;

/** Jobs with a password parameter, whose variable every Pipeline knows as sensitive. */
final class SecretParameter {
    private SecretParameter() {}

    static WorkflowJob job(JenkinsRule r, String script, String name, String value) throws Exception {
        WorkflowJob job = Builds.job(r, script);
        job.addProperty(new ParametersDefinitionProperty(
                new PasswordParameterDefinition(name, Secret.fromString(value), "")));
        return job;
    }

    static ParameterValue of(String name, String value) {
        return new PasswordParameterValue(name, value);
    }
}

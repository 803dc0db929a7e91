package io.jenkins.plugins.hardenrunner.node;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.ExtensionList;
import hudson.model.Label;
import hudson.model.Node;
import hudson.model.PersistentDescriptor;
import hudson.util.FormValidation;
import hudson.util.ListBoxModel;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.config.PolicyForms;
import java.util.logging.Level;
import java.util.logging.Logger;
import jenkins.model.GlobalConfiguration;
import jenkins.model.GlobalConfigurationCategory;
import jenkins.model.Jenkins;
import org.jenkinsci.Symbol;
import org.kohsuke.stapler.DataBoundSetter;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.verb.POST;

/**
 * Supervises every build on the agents of a label, without a change to any job. In configuration as code:
 * {@code security: hardenRunnerAgents: …}.
 */
@Extension
@Symbol("hardenRunnerAgents")
public final class HardenRunnerAgents extends GlobalConfiguration implements PersistentDescriptor {
    private static final Logger LOGGER = Logger.getLogger(HardenRunnerAgents.class.getName());

    private String egressPolicy = AgentPolicy.OFF;
    private String labels;
    private String excludedJobs;

    @NonNull
    public static HardenRunnerAgents get() {
        return ExtensionList.lookupSingleton(HardenRunnerAgents.class);
    }

    @NonNull
    @Override
    public String getDisplayName() {
        return Messages.HardenRunnerAgents_displayName();
    }

    @NonNull
    @Override
    public GlobalConfigurationCategory getCategory() {
        return GlobalConfigurationCategory.get(GlobalConfigurationCategory.Security.class);
    }

    /** Whether a node is one of those that are meant. */
    synchronized boolean covers(@NonNull Node node) {
        if (labels == null) {
            return true;
        }
        try {
            return Label.parseExpression(labels).matches(node);
        } catch (IllegalArgumentException e) {
            // Only by editing the file on disk; too many agents are better than none.
            LOGGER.log(Level.WARNING, e, () -> "the label expression '" + labels + "' cannot be read; all agents are supervised");
            return true;
        }
    }

    @NonNull
    public synchronized String getEgressPolicy() {
        return egressPolicy;
    }

    @DataBoundSetter
    public synchronized void setEgressPolicy(@NonNull String egressPolicy) {
        this.egressPolicy = AgentPolicy.token(egressPolicy);
        save();
    }

    /** A label expression; null means all agents. */
    @CheckForNull
    public synchronized String getLabels() {
        return labels;
    }

    /** Throws IllegalArgumentException if it is no label expression. */
    @DataBoundSetter
    public synchronized void setLabels(@CheckForNull String labels) {
        String text = PolicyForms.blankToNull(labels);
        if (text != null) {
            Label.parseExpression(text);
        }
        this.labels = text;
        save();
    }

    /** Jobs that are left alone, one path a line; null if there is none. */
    @CheckForNull
    public synchronized String getExcludedJobs() {
        return excludedJobs;
    }

    /** Throws PolicyException, as the form's check does, rather than store what cannot be read. */
    @DataBoundSetter
    public synchronized void setExcludedJobs(@CheckForNull String excludedJobs) {
        JobPaths.parse(excludedJobs);
        this.excludedJobs = PolicyForms.blankToNull(excludedJobs);
        save();
    }

    @POST
    public ListBoxModel doFillEgressPolicyItems() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return AgentPolicy.items();
    }

    @POST
    public FormValidation doCheckLabels(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        try {
            String text = PolicyForms.blankToNull(value);
            if (text != null) {
                Label.parseExpression(text);
            }
            return FormValidation.ok();
        } catch (IllegalArgumentException e) {
            return FormValidation.error(e.getMessage());
        }
    }

    @POST
    public FormValidation doCheckExcludedJobs(@QueryParameter String value) {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        return AgentPolicy.checkPaths(value);
    }
}

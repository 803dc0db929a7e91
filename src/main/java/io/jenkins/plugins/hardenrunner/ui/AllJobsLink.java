package io.jenkins.plugins.hardenrunner.ui;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Job;
import hudson.model.ManagementLink;
import hudson.security.Permission;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.node.AgentProbes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.verb.GET;

/** The view of all jobs for administrators, {@code /manage/harden-runner/}. */
@Extension
public final class AllJobsLink extends ManagementLink {
    @Override
    public String getIconFileName() {
        return "symbol-shield-warning";
    }

    @Override
    public String getDisplayName() {
        return Messages.HardenRunnerTab_displayName();
    }

    @Override
    public String getDescription() {
        return Messages.AllJobsLink_description();
    }

    @Override
    public String getUrlName() {
        return HardenRunnerTab.URL;
    }

    @NonNull
    @Override
    public Category getCategory() {
        return Category.SECURITY;
    }

    @NonNull
    @Override
    public Permission getRequiredPermission() {
        return Jenkins.ADMINISTER;
    }

    /** The data of the page. */
    @GET
    @Restricted(NoExternalUse.class)
    public void doData(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        List<Job<?, ?>> jobs = new ArrayList<>();
        for (Job<?, ?> job : Jenkins.get().allItems(Job.class)) {
            jobs.add(job);
        }
        JsonAnswer.send(request, response, AllJobs.of(jobs, AgentProbes.get().byName(), request.getContextPath()));
    }
}

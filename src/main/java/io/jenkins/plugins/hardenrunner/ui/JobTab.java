package io.jenkins.plugins.hardenrunner.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Api;
import hudson.model.Item;
import hudson.model.Job;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.collect.JobStore;
import io.jenkins.plugins.hardenrunner.engine.baseline.JobSummary;
import java.io.IOException;
import java.io.UncheckedIOException;
import jenkins.management.Badge;
import jenkins.model.Tab;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.interceptor.RequirePOST;
import org.kohsuke.stapler.verb.GET;

/** What is normal for a job, {@code <job>/harden-runner/}: trend, baseline, reviews. Loads no build. */
@ExportedBean
public final class JobTab extends Tab {
    private final Job<?, ?> job;

    JobTab(@NonNull Job<?, ?> job) {
        super(job);
        this.job = job;
    }

    @Override
    public String getIconFileName() {
        return "symbol-shield-warning";
    }

    @Override
    public String getDisplayName() {
        return Messages.HardenRunnerTab_displayName();
    }

    @Override
    public String getUrlName() {
        return HardenRunnerTab.URL;
    }

    @CheckForNull
    @Override
    public Badge getBadge() {
        int waiting = getDeviations();
        return waiting == 0 ? null : new Badge(Integer.toString(waiting), Messages.JobTab_badge(waiting), Badge.Severity.WARNING);
    }

    @CheckForNull
    private JobSummary summary() {
        try {
            return JobStore.of(job).summary();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Remote access to the summary. */
    public Api getApi() {
        return new Api(this);
    }

    /** {@code none}, {@code creating}, {@code stable} or {@code unstable}. */
    @Exported
    public String getBaseline() {
        JobSummary summary = summary();
        return summary == null ? "none" : summary.baseline().token();
    }

    /** Deviations that wait for a review. */
    @Exported
    public int getDeviations() {
        JobSummary summary = summary();
        return summary == null ? 0 : summary.deviations();
    }

    /** The verdict of the newest build. */
    @Exported
    public String getVerdict() {
        JobSummary summary = summary();
        return summary == null || summary.last() == null ? "not-supervised" : summary.last().verdict();
    }

    /** The number of the newest build that is known here; 0 if there is none. */
    @Exported
    public int getBuild() {
        JobSummary summary = summary();
        return summary == null || summary.last() == null ? 0 : summary.last().n();
    }

    /** The data of the page. */
    @GET
    @Restricted(NoExternalUse.class)
    public void doData(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        job.checkPermission(Item.READ);
        JsonAnswer.send(request, response, JobPage.of(job, request.getContextPath()));
    }

    /** The baseline as a document that {@code importBaseline} and the command line read. */
    @GET
    @Restricted(NoExternalUse.class)
    public void doExport(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        job.checkPermission(Item.READ);
        response.setHeader("Content-Disposition", "attachment; filename=baseline.json");
        JsonAnswer.send(request, response, JobStore.of(job).baseline());
    }

    /** The smallest policy for what the last builds saw, as JSON or, with {@code format}, as a text to paste. */
    @GET
    @Restricted(NoExternalUse.class)
    public void doRecommendation(StaplerRequest2 request, StaplerResponse2 response, @QueryParameter String block,
            @QueryParameter String builds, @QueryParameter String format) throws IOException {
        job.checkPermission(Item.READ);
        new RecommendationRequest(job, request, response).answer(block, builds, format);
    }

    @RequirePOST
    @Restricted(NoExternalUse.class)
    public void doAccept(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        new ReviewRequest(job, request, response).accept();
    }

    @RequirePOST
    @Restricted(NoExternalUse.class)
    public void doUnwanted(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        new ReviewRequest(job, request, response).unwanted();
    }

    @RequirePOST
    @Restricted(NoExternalUse.class)
    public void doRemove(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        new ReviewRequest(job, request, response).remove();
    }

    @RequirePOST
    @Restricted(NoExternalUse.class)
    public void doAcceptAll(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        new ReviewRequest(job, request, response).acceptAll();
    }

    @RequirePOST
    @Restricted(NoExternalUse.class)
    public void doReset(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        new ReviewRequest(job, request, response).reset();
    }

    @RequirePOST
    @Restricted(NoExternalUse.class)
    public void doImportBaseline(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        new ReviewRequest(job, request, response).importBaseline();
    }

    @RequirePOST
    @Restricted(NoExternalUse.class)
    public void doSeed(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        new ReviewRequest(job, request, response).seed();
    }
}

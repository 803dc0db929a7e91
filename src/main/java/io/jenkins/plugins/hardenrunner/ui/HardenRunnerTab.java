package io.jenkins.plugins.hardenrunner.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Api;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.collect.BaselineSource;
import io.jenkins.plugins.hardenrunner.collect.BlockStore;
import io.jenkins.plugins.hardenrunner.collect.LiveReport;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.engine.report.ReportCsv;
import io.jenkins.plugins.hardenrunner.engine.report.ReportJson;
import io.jenkins.plugins.hardenrunner.export.BuildFindings;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import jenkins.management.Badge;
import jenkins.model.Tab;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.WebMethod;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;
import org.kohsuke.stapler.verb.GET;

/** The report's page, {@code <build>/harden-runner/}: a tab of the new build page, a link beside the classic one. */
@ExportedBean
public final class HardenRunnerTab extends Tab {
    static final String URL = "harden-runner";

    private final Run<?, ?> run;

    HardenRunnerTab(@NonNull Run<?, ?> run) {
        super(run);
        this.run = run;
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
        return URL;
    }

    @CheckForNull
    @Override
    public Badge getBadge() {
        long alarming = getBlocks().stream().filter(BlockSummary::isAlarming).count();
        return alarming == 0
                ? null
                : new Badge(Long.toString(alarming), Messages.HardenRunnerTab_badge(alarming), Badge.Severity.DANGER);
    }

    /** The blocks of the build that have ended. */
    @NonNull
    @Restricted(NoExternalUse.class)
    public List<BlockSummary> getBlocks() {
        HardenRunnerAction action = run.getAction(HardenRunnerAction.class);
        return action == null ? List.of() : action.getBlocks();
    }

    /** The block that the URL asks for, or the first one; null if the build has none of that name. */
    @CheckForNull
    @Restricted(NoExternalUse.class)
    public BlockSummary getBlock(@CheckForNull String id) {
        return getBlocks().stream()
                .filter(block -> id == null || id.isEmpty() || block.getId().equals(id))
                .findFirst()
                .orElse(null);
    }

    /** The ids of the blocks that are open. */
    @NonNull
    @Restricted(NoExternalUse.class)
    public List<String> getOpenBlocks() {
        return LiveReport.ids(run);
    }

    /** The open block that the URL asks for; without one, any that is open, since who looks at a running build wants that. */
    @CheckForNull
    @Restricted(NoExternalUse.class)
    public String getOpenBlock(@CheckForNull String id) {
        return getOpenBlocks().stream()
                .filter(open -> id == null || id.isEmpty() || open.equals(id))
                .findFirst()
                .orElse(null);
    }

    /** The job's own page, for comparisons with other builds, relative to Jenkins. */
    @NonNull
    @Restricted(NoExternalUse.class)
    public String getJobPageUrl() {
        return run.getParent().getUrl() + URL + "/";
    }

    @Restricted(NoExternalUse.class)
    public int getBuildNumber() {
        return run.getNumber();
    }

    /** The block of a name, for comparisons of builds; null if the build has none. */
    @CheckForNull
    private BlockSummary named(@NonNull String name) {
        return getBlocks().stream().filter(block -> block.getName().equals(name)).findFirst().orElse(null);
    }

    /** Remote access to the summaries. */
    public Api getApi() {
        return new Api(this);
    }

    /** The summaries of the blocks, in the order in which they ended. */
    @Exported(name = "blocks", inline = true)
    @Restricted(NoExternalUse.class)
    public List<BlockSummary> getExportedBlocks() {
        return getBlocks();
    }

    /** Where this build's deviations are reviewed, relative to Jenkins; null if there is no such place. */
    @CheckForNull
    @Restricted(NoExternalUse.class)
    public String getReviewUrl() {
        Job<?, ?> owner = BaselineSource.of(run.getParent()).job();
        return owner == null || !owner.hasPermission(Item.READ) ? null : owner.getUrl() + URL + "/";
    }

    /** Whether the user may review from here. What a change request does waits nowhere: it is decided on its target. */
    @Restricted(NoExternalUse.class)
    public boolean isMayReview() {
        BaselineSource source = BaselineSource.of(run.getParent());
        return !source.changeRequest() && run.getParent().hasPermission(Item.CONFIGURE);
    }

    /** The endpoints of one block as CSV. */
    @GET
    @WebMethod(name = "endpoints.csv")
    @Restricted(NoExternalUse.class)
    public void doEndpointsCsv(StaplerResponse2 response, @QueryParameter String block) throws IOException {
        csv(response, block, "endpoints.csv", ReportCsv::endpoints);
    }

    /** The files of one block as CSV. */
    @GET
    @WebMethod(name = "files.csv")
    @Restricted(NoExternalUse.class)
    public void doFilesCsv(StaplerResponse2 response, @QueryParameter String block) throws IOException {
        csv(response, block, "files.csv", ReportCsv::files);
    }

    /** The findings of one block, or of all, as SARIF 2.1.0. */
    @GET
    @WebMethod(name = "findings.sarif")
    @Restricted(NoExternalUse.class)
    public void doFindingsSarif(StaplerResponse2 response, @QueryParameter String block) throws IOException {
        run.checkPermission(Item.READ);
        boolean all = block == null || block.isEmpty();
        BuildFindings findings = new BuildFindings(run, all ? null : block);
        if (findings.blocks() == 0) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND, "no such report");
            return;
        }
        response.setContentType("application/sarif+json;charset=UTF-8");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cache-Control", "private, no-cache");
        response.setHeader("Content-Disposition", "attachment; filename=harden-runner.sarif");
        response.getOutputStream().write(findings.sarif().getBytes(StandardCharsets.UTF_8));
    }

    private interface Table {
        void write(Report report, Writer out) throws IOException;
    }

    private void csv(StaplerResponse2 response, String block, String name, Table table) throws IOException {
        run.checkPermission(Item.READ);
        BlockSummary summary = getBlock(block);
        BlockStore store = summary == null ? null : BlockStore.of(run, summary.getId());
        if (store == null || !store.hasReport()) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND, "no such report");
            return;
        }
        response.setContentType("text/csv;charset=UTF-8");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cache-Control", "private, no-cache");
        response.setHeader("Content-Disposition", "attachment; filename=" + name);
        Report report;
        try (InputStream in = store.openReport()) {
            report = ReportJson.read(in);
        }
        table.write(report, new OutputStreamWriter(response.getOutputStream(), StandardCharsets.UTF_8));
    }

    /** The report of one block as JSON, {@code report.json} of docs/report.md. */
    @GET
    @Restricted(NoExternalUse.class)
    public void doReport(StaplerRequest2 request, StaplerResponse2 response, @QueryParameter String block, @QueryParameter String name)
            throws IOException {
        run.checkPermission(Item.READ);
        LiveReport live = block == null || block.isEmpty() ? null : LiveReport.of(run, block);
        if (live != null) {
            if (!cached(request, response, live.tag())) {
                response.getOutputStream().write(live.json());
            }
            return;
        }
        BlockSummary summary = name == null || name.isEmpty() ? getBlock(block) : named(name);
        BlockStore store = summary == null ? null : BlockStore.of(run, summary.getId());
        if (store == null || !store.hasReport()) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND, "no such report");
            return;
        }
        // The report of a block that has ended never changes, but who may read it can: ask each time.
        if (cached(request, response, summary.getId())) {
            return;
        }
        try (InputStream report = store.openReport()) {
            report.transferTo(response.getOutputStream());
        }
    }

    /** Sets the headers of an answer; whether the browser has it already and was told so. */
    private static boolean cached(StaplerRequest2 request, StaplerResponse2 response, String version) {
        response.setContentType("application/json;charset=UTF-8");
        response.setHeader("X-Content-Type-Options", "nosniff");
        String tag = "\"" + version + "\"";
        response.setHeader("Cache-Control", "private, no-cache");
        response.setHeader("ETag", tag);
        if (tag.equals(request.getHeader("If-None-Match"))) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return true;
        }
        return false;
    }

    /** The sealed evidence of one block; null if the build has none of that name. */
    @CheckForNull
    @Restricted(NoExternalUse.class)
    public EvidenceFolder getEvidence(@NonNull String block) {
        BlockSummary summary = block.isEmpty() ? null : getBlock(block);
        return summary == null ? null : new EvidenceFolder(run, BlockStore.of(run, summary.getId()));
    }
}

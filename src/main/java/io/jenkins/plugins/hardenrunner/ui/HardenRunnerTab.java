package io.jenkins.plugins.hardenrunner.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.model.Run;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.collect.BlockStore;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import jenkins.management.Badge;
import jenkins.model.Tab;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.verb.GET;

/** The report's page, {@code <build>/harden-runner/}: a tab of the new build page, a link beside the classic one. */
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

    /** The report of one block as JSON, {@code report.json} of docs/report.md. */
    @GET
    @Restricted(NoExternalUse.class)
    public void doReport(StaplerRequest2 request, StaplerResponse2 response, @QueryParameter String block)
            throws IOException {
        run.checkPermission(Item.READ);
        BlockSummary summary = getBlock(block);
        BlockStore store = summary == null ? null : BlockStore.of(run, summary.getId());
        if (store == null || !store.hasReport()) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND, "no such report");
            return;
        }
        response.setContentType("application/json;charset=UTF-8");
        response.setHeader("X-Content-Type-Options", "nosniff");
        // The report of a block that has ended never changes, but who may read it can: ask each time.
        String tag = "\"" + summary.getId() + "\"";
        response.setHeader("Cache-Control", "private, no-cache");
        response.setHeader("ETag", tag);
        if (tag.equals(request.getHeader("If-None-Match"))) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        try (InputStream report = store.openReport()) {
            report.transferTo(response.getOutputStream());
        }
    }

    /** The sealed evidence of one block; null if the build has none of that name. */
    @CheckForNull
    @Restricted(NoExternalUse.class)
    public EvidenceFolder getEvidence(@NonNull String block) {
        BlockSummary summary = block.isEmpty() ? null : getBlock(block);
        return summary == null ? null : new EvidenceFolder(run, BlockStore.of(run, summary.getId()));
    }
}

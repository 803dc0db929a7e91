package io.jenkins.plugins.hardenrunner.export;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import io.jenkins.plugins.hardenrunner.collect.BlockStore;
import io.jenkins.plugins.hardenrunner.engine.export.Sarif;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.engine.report.ReportJson;
import io.jenkins.plugins.hardenrunner.ui.BlockSummary;
import io.jenkins.plugins.hardenrunner.ui.HardenRunnerAction;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** The findings of a build's blocks that have ended. */
public final class BuildFindings {
    private final Map<String, Report> reports = new LinkedHashMap<>();
    private int findings;

    /**
     * Reads the reports of a build.
     *
     * @param block id of the only one to read; null for all
     */
    public BuildFindings(@NonNull Run<?, ?> run, @CheckForNull String block) throws IOException {
        HardenRunnerAction action = run.getAction(HardenRunnerAction.class);
        if (action == null) {
            return;
        }
        for (BlockSummary summary : action.getBlocks()) {
            BlockStore store = BlockStore.of(run, summary.getId());
            if (block != null && !block.equals(summary.getId()) || !store.hasReport()) {
                continue;
            }
            try (InputStream in = store.openReport()) {
                Report report = ReportJson.read(in);
                // Up to the last slash it is the same in each build, which is how consumers know runs of one kind.
                reports.put(run.getParent().getFullName() + "/" + summary.getName() + "/" + run.getNumber() + "-" + summary.getId(), report);
                findings += report.findings.size();
            }
        }
    }

    /** How many blocks were read. */
    public int blocks() {
        return reports.size();
    }

    /** How many findings they have together. */
    public int findings() {
        return findings;
    }

    /** The findings as one SARIF log, with one run a block. */
    @NonNull
    public String sarif() {
        return Sarif.of(reports);
    }
}

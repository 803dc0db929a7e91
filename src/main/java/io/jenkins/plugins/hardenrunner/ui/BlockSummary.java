package io.jenkins.plugins.hardenrunner.ui;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.io.Serializable;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** What a build keeps in memory and in its {@code build.xml} about one block; everything else is in the report. */
@ExportedBean
public final class BlockSummary implements Serializable {
    private static final long serialVersionUID = 1L;

    private final String id;
    private final String state;
    private final String verdict;
    private final String egressPolicy;
    private final int launches;
    private final int endpoints;
    private final int blocked;
    private final int findings;
    /** Null in builds of versions that had no baseline. */
    private final String name;
    private final int deviations;

    public BlockSummary(@NonNull String id, @NonNull Report report) {
        this.id = id;
        this.state = report.state;
        this.verdict = report.verdict;
        this.egressPolicy = report.policy.egressPolicy;
        this.launches = report.launches;
        this.endpoints = report.endpoints.size();
        this.blocked = (int) report.endpoints.stream().filter(e -> "blocked".equals(e.verdict)).count();
        this.findings = report.findings.size();
        this.name = report.baseline == null ? null : report.baseline.block;
        this.deviations = report.deviations == null ? 0 : report.deviations.size();
    }

    /** A record that is damaged, or of a version that did not write all of it, claims nothing that it does not say. */
    private Object readResolve() {
        return state != null && verdict != null && egressPolicy != null
                ? this
                : new BlockSummary(this, state == null ? "off" : state, verdict == null ? "not-supervised" : verdict,
                        egressPolicy == null ? "audit" : egressPolicy);
    }

    private BlockSummary(BlockSummary damaged, String state, String verdict, String egressPolicy) {
        this.id = damaged.id;
        this.state = state;
        this.verdict = verdict;
        this.egressPolicy = egressPolicy;
        this.launches = damaged.launches;
        this.endpoints = damaged.endpoints;
        this.blocked = damaged.blocked;
        this.findings = damaged.findings;
        this.name = damaged.name;
        this.deviations = damaged.deviations;
    }

    /** The block within the build. */
    @Exported(visibility = 2)
    public String getId() {
        return id;
    }

    /** The block's name in the job's baseline. */
    @Exported(visibility = 2)
    public String getName() {
        return name == null ? "default" : name;
    }

    /** What the block did and the baseline does not have. */
    @Exported(visibility = 2)
    public int getDeviations() {
        return deviations;
    }

    /** {@code enforced}, {@code degraded} or {@code off}. */
    @Exported(visibility = 2)
    public String getState() {
        return state;
    }

    /** {@code ok}, {@code deviates}, {@code violated} or {@code not-supervised}. */
    @Exported(visibility = 2)
    public String getVerdict() {
        return verdict;
    }

    /** {@code audit} or {@code block}. */
    @Exported(visibility = 2)
    public String getEgressPolicy() {
        return egressPolicy;
    }

    /** Commands that were started under supervision. */
    @Exported(visibility = 2)
    public int getLaunches() {
        return launches;
    }

    /** Rows in the report's table of endpoints. */
    @Exported(visibility = 2)
    public int getEndpoints() {
        return endpoints;
    }

    /** Endpoints that were refused. */
    @Exported(visibility = 2)
    public int getBlocked() {
        return blocked;
    }

    /** Findings of whatever severity. */
    @Exported(visibility = 2)
    public int getFindings() {
        return findings;
    }

    /** Whether a person should look. */
    public boolean isAlarming() {
        return verdict.equals("violated") || verdict.equals("not-supervised") || state.equals("off");
    }
}

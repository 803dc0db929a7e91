package io.jenkins.plugins.hardenrunner.sink;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ExtensionPoint;
import hudson.model.Describable;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.Text;
import io.jenkins.plugins.hardenrunner.engine.sink.SinkDetail;
import java.time.Duration;
import org.kohsuke.stapler.DataBoundSetter;

/** A receiver of messages about blocks, as an administrator has configured it. */
public abstract class Sink implements Describable<Sink>, ExtensionPoint {
    static final int DEFAULT_MEGABYTES = 64;
    static final int MOST_MEGABYTES = 10_240;
    static final int DEFAULT_HOURS = 72;
    static final int MOST_HOURS = 24 * 30;

    private final String name;
    private String detail = SinkDetail.FINDINGS.token();
    private int spoolMegabytes = DEFAULT_MEGABYTES;
    private int retryHours = DEFAULT_HOURS;

    Sink(@CheckForNull String name) {
        this.name = name == null ? "" : name.trim();
    }

    /** @throws PolicyException if something cannot be used; it names the setting */
    void check() {
        checkName(name);
        SinkDetail.parse(detail);
        between("spoolMegabytes", spoolMegabytes, 1, MOST_MEGABYTES);
        between("retryHours", retryHours, 1, MOST_HOURS);
    }

    /** The name becomes that of a folder. @throws PolicyException if it cannot */
    static void checkName(@NonNull String name) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw new PolicyException("'" + Text.shown(name) + "' is not a sink's name: 1 to 64 of A-Z a-z 0-9 . _ -, beginning with a letter or digit");
        }
    }

    static void between(String setting, int value, int least, int most) {
        if (value < least || value > most) {
            throw new PolicyException(setting + " " + value + " is not between " + least + " and " + most);
        }
    }

    /**
     * What speaks the protocol.
     *
     * @throws PolicyException if it cannot be made, for example because a secret is not there
     */
    @NonNull
    abstract SinkSender sender();

    @NonNull
    final Duration patience() {
        return Duration.ofHours(retryHours);
    }

    final long bound() {
        return (long) spoolMegabytes << 20;
    }

    /** Unique, and the name of the folder of what waits. */
    @NonNull
    public final String getName() {
        return name;
    }

    @NonNull
    public final String getDetail() {
        return detail;
    }

    /** {@code findings}, {@code endpoints} or {@code events}. */
    @DataBoundSetter
    public final void setDetail(@CheckForNull String detail) {
        this.detail = SinkDetail.parse(detail).token();
    }

    public final int getSpoolMegabytes() {
        return spoolMegabytes;
    }

    /** How much may wait for the receiver, 1 to 10240. */
    @DataBoundSetter
    public final void setSpoolMegabytes(int spoolMegabytes) {
        this.spoolMegabytes = spoolMegabytes;
    }

    public final int getRetryHours() {
        return retryHours;
    }

    /** How long a delivery is tried, 1 to 720. */
    @DataBoundSetter
    public final void setRetryHours(int retryHours) {
        this.retryHours = retryHours;
    }
}

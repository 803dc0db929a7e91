package io.jenkins.plugins.hardenrunner.sink;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.ManagementLink;
import hudson.security.Permission;
import io.jenkins.plugins.hardenrunner.Messages;
import io.jenkins.plugins.hardenrunner.engine.sink.Spool;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jenkins.management.Badge;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.QueryParameter;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.verb.POST;

/** How the sinks are doing, and what they could not deliver: {@code /manage/harden-runner-sinks/}, for administrators. */
@Extension
public final class SinksLink extends ManagementLink {
    private static final String URL = "harden-runner-sinks";

    @Override
    public String getIconFileName() {
        boolean nothing = SinkConfiguration.get().getSinks().isEmpty() && SinkWorker.get().lines().isEmpty();
        return nothing ? null : "symbol-shield-warning";
    }

    @Override
    public String getDisplayName() {
        return Messages.SinksLink_displayName();
    }

    @Override
    public String getDescription() {
        return Messages.SinksLink_description();
    }

    @Override
    public String getUrlName() {
        return URL;
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

    /** Draws the eye to what did not arrive. */
    @Override
    public Badge getBadge() {
        int letters = 0;
        boolean lost = false;
        for (SinkLine line : SinkWorker.get().lines().values()) {
            Spool.Status status = line.queue().spool().status();
            letters += status.deadLetters();
            lost |= status.lost() != null;
        }
        return letters == 0 && !lost ? null
                : new Badge(letters == 0 ? "!" : Integer.toString(letters), Messages.SinksLink_badge(), Badge.Severity.WARNING);
    }

    /** The sinks by name, those that are no longer configured too if they have something left. */
    @NonNull
    @Restricted(NoExternalUse.class)
    public List<SinkStatus> getSinks() {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        List<SinkStatus> all = new ArrayList<>();
        for (Map.Entry<String, SinkLine> line : SinkWorker.get().lines().entrySet()) {
            SinkStatus status = new SinkStatus(line.getKey(), line.getValue());
            if (status.isConfigured() || !status.isEmpty()) {
                all.add(status);
            }
        }
        return all;
    }

    /** Lets dead letters wait for the receiver again. @param id of one; all of the sink without it */
    @POST
    @Restricted(NoExternalUse.class)
    public void doSendAgain(@QueryParameter String sink, @QueryParameter String id, StaplerResponse2 response) throws IOException {
        change(sink, id, Spool::revive, response);
    }

    /** Removes dead letters for good. @param id of one; all of the sink without it */
    @POST
    @Restricted(NoExternalUse.class)
    public void doDiscard(@QueryParameter String sink, @QueryParameter String id, StaplerResponse2 response) throws IOException {
        change(sink, id, Spool::discard, response);
    }

    /** Removes all that waits for a sink that is no longer configured. */
    @POST
    @Restricted(NoExternalUse.class)
    public void doClear(@QueryParameter String sink, StaplerResponse2 response) throws IOException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        SinkLine line = SinkWorker.get().lines().get(sink);
        if (line == null || line.sink() != null) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        line.queue().spool().clear();
        response.sendRedirect(".");
    }

    /** What can be done to a dead letter. */
    private interface Action {
        boolean apply(Spool spool, String id) throws IOException;
    }

    private static void change(String sink, @CheckForNull String id, Action action, StaplerResponse2 response) throws IOException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        SinkLine line = SinkWorker.get().lines().get(sink);
        if (line == null) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        Spool spool = line.queue().spool();
        for (Spool.DeadLetter letter : spool.deadLetters()) {
            if (id == null || id.isEmpty() || id.equals(letter.id())) {
                action.apply(spool, letter.id());
            }
        }
        line.queue().hurry();
        SinkWorker.get().work(line);
        response.sendRedirect(".");
    }
}

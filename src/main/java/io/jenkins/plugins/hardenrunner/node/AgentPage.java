package io.jenkins.plugins.hardenrunner.node;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Extension;
import hudson.model.Action;
import hudson.model.Computer;
import hudson.model.TransientComputerActionFactory;
import io.jenkins.plugins.hardenrunner.Messages;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.verb.POST;

/** The page of an agent that says what supervision can do there: {@code computer/<name>/harden-runner/}. */
public final class AgentPage implements Action {
    private final Computer computer;

    private AgentPage(Computer computer) {
        this.computer = computer;
    }

    @NonNull
    public Computer getComputer() {
        return computer;
    }

    /** Null until the agent has been asked. */
    @CheckForNull
    public AgentProbe getProbe() {
        return AgentProbes.get().of(computer);
    }

    /** How exactly a machine is protected is no news for everybody. */
    private boolean isVisible() {
        return computer.hasPermission(Computer.EXTENDED_READ);
    }

    public boolean isAllowedToAsk() {
        return computer.hasPermission(Computer.CONFIGURE);
    }

    @CheckForNull
    @Override
    public String getIconFileName() {
        return isVisible() ? "symbol-shield-warning" : null;
    }

    /** With the state, so that it stands on the agent's main page. */
    @NonNull
    @Override
    public String getDisplayName() {
        AgentProbe probe = getProbe();
        return probe == null ? Messages.HardenRunnerTab_displayName() : Messages.AgentPage_displayName(probe.state());
    }

    @CheckForNull
    @Override
    public String getUrlName() {
        return isVisible() ? "harden-runner" : null;
    }

    /** Asks again and shows the answer. */
    @POST
    @Restricted(NoExternalUse.class)
    public void doAsk(StaplerResponse2 response) throws IOException, InterruptedException {
        computer.checkPermission(Computer.CONFIGURE);
        AgentProbes.get().ask(computer, true);
        response.sendRedirect(".");
    }

    /** Gives each agent its page. */
    @Extension
    public static final class Factory extends TransientComputerActionFactory {
        @NonNull
        @Override
        public Collection<? extends Action> createFor(@NonNull Computer target) {
            return List.of(new AgentPage(target));
        }
    }
}

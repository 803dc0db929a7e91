package io.jenkins.plugins.hardenrunner.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import hudson.Extension;
import hudson.model.RootAction;
import io.jenkins.plugins.hardenrunner.seal.SealKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.Logger;
import jenkins.model.Jenkins;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.verb.GET;
import org.kohsuke.stapler.verb.POST;

/** The public keys of this Jenkins' seals, {@code /harden-runner-keys/}, for whoever verifies elsewhere. */
@Extension
@Restricted(NoExternalUse.class)
public final class SealKeysAction implements RootAction {
    private static final Logger LOGGER = Logger.getLogger(SealKeysAction.class.getName());

    @CheckForNull
    @Override
    public String getIconFileName() {
        return null;
    }

    @CheckForNull
    @Override
    public String getDisplayName() {
        return null;
    }

    @Override
    public String getUrlName() {
        return "harden-runner-keys";
    }

    /** All keys in PEM form, oldest first. */
    @GET
    public void doIndex(StaplerResponse2 response) throws IOException {
        Jenkins.get().checkPermission(Jenkins.READ);
        write(response);
    }

    /** Makes a new key for the seals to come, and answers with all keys. The old secret is destroyed. */
    @POST
    public void doRotate(StaplerResponse2 response) throws IOException {
        Jenkins.get().checkPermission(Jenkins.ADMINISTER);
        String id = SealKeys.renew().verifying().id();
        LOGGER.info(() -> "Harden Runner: seals are signed with the new key " + id + ", made by "
                + Jenkins.getAuthentication2().getName());
        write(response);
    }

    private static void write(StaplerResponse2 response) throws IOException {
        // A fresh Jenkins has its key before its first build ends, so that it can be handed out early.
        SealKeys.current();
        response.setContentType("text/plain;charset=US-ASCII");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.getOutputStream().write(SealKeys.pem().getBytes(StandardCharsets.US_ASCII));
    }
}

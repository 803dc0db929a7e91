package io.jenkins.plugins.hardenrunner.ui;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.model.Run;
import io.jenkins.plugins.hardenrunner.collect.BlockStore;
import io.jenkins.plugins.hardenrunner.engine.audit.Verification;
import io.jenkins.plugins.hardenrunner.engine.audit.VerifyingKey;
import io.jenkins.plugins.hardenrunner.seal.JobSeals;
import io.jenkins.plugins.hardenrunner.seal.SealKeys;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.kohsuke.accmod.Restricted;
import org.kohsuke.accmod.restrictions.NoExternalUse;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;
import org.kohsuke.stapler.verb.GET;

/**
 * The sealed evidence of one block, {@code <build>/harden-runner/evidence/<block>/}: {@code seal.json}, the files that it
 * names, and {@code verification}, what holds of them. {@code harden-runner verify URL} reads the same.
 */
@Restricted(NoExternalUse.class)
public final class EvidenceFolder {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Run<?, ?> run;
    private final BlockStore store;

    EvidenceFolder(@NonNull Run<?, ?> run, @NonNull BlockStore store) {
        this.run = run;
        this.store = store;
    }

    /** What holds, computed anew from the bytes on disk (docs/schema/verification.schema.json). */
    @GET
    public void doVerification(StaplerResponse2 response) throws IOException {
        run.checkPermission(Item.READ);
        List<VerifyingKey> keys = SealKeys.verifying();
        Verification verification = Verification.of(store::openEvidence, keys);
        List<Verification.Check> checks = new ArrayList<>(verification.checks());
        checks.addAll(new JobSeals(run.getParent()).check(verification.seal()));
        ObjectNode tree = JSON.createObjectNode();
        tree.put("schema", 1);
        tree.put("checked", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        tree.put("holds", checks.stream().noneMatch(check -> check.result() == Verification.Result.FAILS));
        if (verification.seal() != null) {
            tree.put("sealed", verification.seal().sealed());
        }
        ArrayNode ids = tree.putArray("keys");
        keys.forEach(key -> ids.add(key.id()));
        ArrayNode list = tree.putArray("checks");
        for (Verification.Check check : checks) {
            list.addObject()
                    .put("subject", check.subject())
                    .put("result", check.result().name().toLowerCase(Locale.ROOT))
                    .put("detail", check.detail());
        }
        header(response, "application/json;charset=UTF-8");
        JSON.writeValue(response.getOutputStream(), tree);
    }

    /** Serves a file of the evidence as it lies there. */
    @GET
    public void doDynamic(StaplerRequest2 request, StaplerResponse2 response) throws IOException {
        run.checkPermission(Item.READ);
        String name = request.getRestOfPath();
        try (InputStream in = store.openEvidence(name.startsWith("/") ? name.substring(1) : name)) {
            header(response, name.endsWith(".json") ? "application/json" : "application/octet-stream");
            in.transferTo(response.getOutputStream());
        } catch (IllegalArgumentException | NoSuchFileException e) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND, "no such evidence");
        }
    }

    private static void header(StaplerResponse2 response, String type) {
        response.setContentType(type);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cache-Control", "private, no-store");
        // Event files hold what hostile programs wrote: no browser may take one for a page.
        response.setHeader("Content-Security-Policy", "sandbox; default-src 'none'");
    }
}

package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Run;
import hudson.model.TaskListener;
import io.jenkins.plugins.hardenrunner.engine.Sha256;
import io.jenkins.plugins.hardenrunner.engine.audit.SigningKey;
import io.jenkins.plugins.hardenrunner.engine.export.RuntimeTrace;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.engine.report.ReportJson;
import io.jenkins.plugins.hardenrunner.seal.EvidenceConfiguration;
import io.jenkins.plugins.hardenrunner.seal.SealKeys;
import io.jenkins.plugins.hardenrunner.storage.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import jenkins.model.Jenkins;
import jenkins.util.VirtualFile;

/**
 * Signs, at the end of a build, what was observed while its archived artifacts were made: one in-toto statement a block.
 * Not later, and not when somebody asks for it: until then the archive could have changed.
 */
final class BuildTrace {
    static final String FILE = "trace.intoto.json";

    private static final int MAX_SUBJECTS = 10_000;

    private final Run<?, ?> run;
    private final PrintStream log;

    BuildTrace(@NonNull Run<?, ?> run, @NonNull TaskListener listener) {
        this.run = run;
        this.log = listener.getLogger();
    }

    /** Does nothing unless an administrator has asked for it. */
    void write() throws IOException {
        if (!EvidenceConfiguration.get().isAttestations()) {
            return;
        }
        List<BlockStore> stores = new ArrayList<>();
        for (String id : BlockStore.ids(run)) {
            BlockStore store = BlockStore.of(run, id);
            if (store.hasReport()) {
                stores.add(store);
            }
        }
        if (stores.isEmpty()) {
            return;
        }
        List<RuntimeTrace.Subject> subjects = subjects();
        if (subjects.isEmpty()) {
            log.println("[harden-runner] No in-toto statement: the build has archived no artifacts that it could be about");
            return;
        }
        List<SigningKey> keys = List.of(SealKeys.current());
        String root = Jenkins.get().getRootUrl();
        for (BlockStore store : stores) {
            Report report;
            try (InputStream in = store.openReport()) {
                report = ReportJson.read(in);
            }
            String statement = RuntimeTrace.statement(
                    report, subjects, root == null ? "urn:jenkins:unnamed" : root, (root == null ? "" : root) + run.getUrl());
            byte[] json = RuntimeTrace.sign(statement, keys).toJson();
            AtomicFiles.write(store.file(FILE), out -> out.write(json));
        }
        log.println("[harden-runner] in-toto: signed what was observed while " + subjects.size()
                + (subjects.size() == 1 ? " artifact was made" : " artifacts were made"));
    }

    private List<RuntimeTrace.Subject> subjects() throws IOException {
        VirtualFile archive = run.getArtifactManager().root();
        Collection<String> names = archive.isDirectory() ? new TreeSet<>(archive.list("**", null, false)) : List.of();
        if (names.size() > MAX_SUBJECTS) {
            throw new IOException(names.size() + " artifacts are more than a statement takes (" + MAX_SUBJECTS + ")");
        }
        List<RuntimeTrace.Subject> subjects = new ArrayList<>();
        for (String name : names) {
            try (InputStream in = archive.child(name).open()) {
                subjects.add(new RuntimeTrace.Subject(name, Sha256.measure(in).sha256()));
            } catch (IOException e) {
                throw new IOException("the artifact " + name + " cannot be read: " + e.getMessage(), e);
            }
        }
        return subjects;
    }
}

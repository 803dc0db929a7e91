package io.jenkins.plugins.hardenrunner.cli;

import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.report.LaunchInfo;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.engine.report.ReportBuilder;
import io.jenkins.plugins.hardenrunner.engine.report.ReportJson;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The folder that {@code run --report} fills. */
final class ReportFiles {
    static final String EVENTS = "events.ndjson";
    static final String JSON = "report.json";
    static final String HTML = "report.html";

    private ReportFiles() {}

    /** Writes content so that a reader finds the old file or the new one, never a half. */
    static void write(Path file, Content content) throws IOException {
        Path unfinished = file.resolveSibling("." + file.getFileName() + "." + ProcessHandle.current().pid() + ".tmp");
        try {
            // CREATE_NEW: a link that the build put in the way is not followed.
            try (OutputStream out = Files.newOutputStream(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.writeTo(out);
            }
            Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /** Something that can be written. */
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * The report of a folder, a report.json, or an events.ndjson (which has no policy: its rules stay ids).
     *
     * @throws IOException naming the file and what is wrong
     */
    static Report read(Path path) throws IOException {
        Path file = path;
        if (Files.isDirectory(path)) {
            file = Files.exists(path.resolve(JSON)) ? path.resolve(JSON) : path.resolve(EVENTS);
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            if (file.getFileName().toString().endsWith(".ndjson")) {
                ReportBuilder builder = new ReportBuilder(EffectivePolicy.resolve(List.of()));
                builder.toolVersion(HardenRunner.version());
                builder.readEvents(new LaunchInfo("1", null, null, null, null), in);
                builder.coverage("policy", "no", "the event file holds no policy, so the origin of its rules is not known");
                return builder.build();
            }
            return ReportJson.read(in);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    static void writeText(Path file, String text) throws IOException {
        write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}

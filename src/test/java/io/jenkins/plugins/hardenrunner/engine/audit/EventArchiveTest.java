package io.jenkins.plugins.hardenrunner.engine.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.hardenrunner.engine.event.EventLog;
import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.report.LaunchInfo;
import io.jenkins.plugins.hardenrunner.engine.report.ReportBuilder;
import io.jenkins.plugins.hardenrunner.engine.report.ReportJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class EventArchiveTest {
    private static byte[] archive(byte[] events) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        EventArchive.write(EventLog.NONCE, new ByteArrayInputStream(events), out);
        return out.toByteArray();
    }

    @Test
    void anIntactFileComesBackByteForByte() throws IOException {
        Random random = new Random();
        for (int i = 0; i < 50; i++) {
            byte[] events = SealedFolder.events(random);
            try (InputStream in = EventArchive.open(new ByteArrayInputStream(archive(events)))) {
                assertThat(new String(in.readAllBytes(), UTF_8), equalTo(new String(events, UTF_8)));
            }
        }
    }

    @Test
    void anEmptyFileIsOne() throws IOException {
        assertThat(EventArchive.open(new ByteArrayInputStream(archive(new byte[0]))).readAllBytes().length, equalTo(0));
    }

    @Test
    void aHundredThousandEventsTakeLessThanFourMebibytes() throws IOException {
        EventLog log = new EventLog().start("make");
        Random random = new Random(1);
        log.process(1, 0, "/usr/bin/cc", "/ws", "cc", "-c", "a.c");
        for (int i = 0; i < 100_000; i++) {
            log.write(1, "/ws/target/classes/org/example/module" + random.nextInt(100) + "/Class" + i + ".class", "allowed", "default");
        }
        byte[] archive = archive(log.end(0).text().getBytes(UTF_8));
        assertThat(archive.length, lessThan(4 << 20));
    }

    /** As builds write them: names with digests in them, command lines, hosts, uneven times; and the report made of them. */
    @Test
    void aHundredThousandMixedEventsAndTheirReportTakeLessThanFourMebibytes() throws IOException {
        Random random = new Random(2);
        EventLog log = new EventLog().start("npm", "ci");
        int images = 0;
        for (int i = 0; i < 100_000; i++) {
            int kind = random.nextInt(100);
            int image = 1 + random.nextInt(Math.max(1, images));
            String folder = "/home/jenkins/agent/workspace/app/node_modules/" + word(random, 3) + "/" + word(random, 2) + "/";
            if (kind < 3 || images == 0) {
                log.process(++images, Math.min(images - 1, 1 + random.nextInt(images)), "/usr/bin/" + word(random, 1), folder, word(random, 1),
                        "--target", folder + word(random, 2) + ".js", "-D" + word(random, 2) + "=" + random.nextInt(100_000));
            } else if (kind < 6) {
                log.connect(image, "203.0." + random.nextInt(256) + "." + random.nextInt(256), 443, word(random, 2) + ".example.com", "allowed", "a1");
            } else if (kind < 30) {
                log.write(image, "/home/jenkins/.npm/_cacache/content-v2/sha512/" + String.format("%02x/%02x/%016x%016x",
                        random.nextInt(256), random.nextInt(256), random.nextLong(), random.nextLong()), "allowed", "default");
            } else {
                log.write(image, folder + word(random, 3) + ".js", "allowed", "default");
            }
        }
        byte[] events = log.end(0).text().getBytes(UTF_8);
        ReportBuilder builder = new ReportBuilder(EffectivePolicy.resolve(List.of()));
        builder.readEvents(new LaunchInfo("l-1", "sh", "Build", "agent", EventLog.NONCE), new ByteArrayInputStream(events));
        ByteArrayOutputStream report = new ByteArrayOutputStream();
        try (OutputStream zip = new GZIPOutputStream(report)) {
            ReportJson.write(builder.build(), zip);
        }
        assertThat(archive(events).length + report.size(), lessThan(4 << 20));
    }

    private static String word(Random random, int syllables) {
        String[] all = {"lo", "dash", "re", "act", "web", "pack", "core", "js", "es", "lint", "util", "is", "fs", "pro", "mise", "load", "er", "type"};
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < syllables; i++) {
            word.append(all[random.nextInt(all.length)]);
        }
        return word.toString();
    }

    @Test
    void aFileWhoseChainDoesNotHoldIsRefusedWithTheLine() {
        EventLog log = new EventLog().start("make").end(0);
        byte[] altered = log.text().replaceFirst("\"status\":0", "\"status\":1").getBytes(UTF_8);
        assertThat(assertThrows(EvidenceException.class, () -> archive(altered)).getMessage(), containsString("line 2"));
        byte[] open = log.text().stripTrailing().getBytes(UTF_8);
        assertThat(assertThrows(EvidenceException.class, () -> archive(open)).getMessage(), containsString("line 3 has no end"));
    }

    @Test
    void whatIsNoArchiveIsRefused() throws IOException {
        assertThrows(EvidenceException.class, () -> EventArchive.open(new ByteArrayInputStream("hello".getBytes(UTF_8))));
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(zipped)) {
            out.write("hello\n".getBytes(UTF_8));
        }
        assertThat(assertThrows(EvidenceException.class, () -> EventArchive.open(new ByteArrayInputStream(zipped.toByteArray()))).getMessage(),
                containsString("does not begin"));
    }
}

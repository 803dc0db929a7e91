package io.jenkins.plugins.hardenrunner.engine.audit;

import io.jenkins.plugins.hardenrunner.engine.Sha256;
import io.jenkins.plugins.hardenrunner.engine.event.EventLog;
import io.jenkins.plugins.hardenrunner.engine.event.EventReader;
import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.report.LaunchInfo;
import io.jenkins.plugins.hardenrunner.engine.report.ReportBuilder;
import io.jenkins.plugins.hardenrunner.engine.report.ReportJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

/** What a block leaves behind, in memory: events, a report, and the seal over both. */
final class SealedFolder implements Verification.Store {
    static final String NONCE = EventLog.NONCE;
    static final SigningKey KEY = SigningKey.generate();

    final Map<String, byte[]> files = new TreeMap<>();

    /** @param archived whether the events are stored as an archive */
    SealedFolder(Random random, boolean archived) throws IOException {
        byte[] events = events(random);
        String name = archived ? "l-1.events.gz" : "l-1.ndjson";
        if (archived) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            EventArchive.write(NONCE, new ByteArrayInputStream(events), out);
            files.put(name, out.toByteArray());
        } else {
            files.put(name, events);
        }
        report(events, archived);
        EventReader.Summary summary = new EventReader(NONCE).read(new ByteArrayInputStream(events), event -> { }, problem -> { });
        seal(List.of(new Seal.Launch("l-1", NONCE, summary.events(), summary.head(), summary.ended(), summary.problems() == 0, name)), List.of(KEY));
    }

    /** The report of the events as it is stored: compressed in Jenkins, plain by the command line. */
    private void report(byte[] events, boolean compressed) throws IOException {
        ReportBuilder builder = new ReportBuilder(EffectivePolicy.resolve(List.of()));
        builder.readEvents(new LaunchInfo("l-1", "sh", "Build", "agent", NONCE), new ByteArrayInputStream(events));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream target = compressed ? new GZIPOutputStream(out) : out) {
            ReportJson.write(builder.build(), target);
        }
        files.put(compressed ? "report.json.gz" : "report.json", out.toByteArray());
    }

    void seal(List<Seal.Launch> launches, List<SigningKey> keys) {
        files.remove(Verification.SEAL);
        List<Seal.File> sealed = files.entrySet().stream()
                .map(file -> new Seal.File(file.getKey(), file.getValue().length, Sha256.hex(file.getValue())))
                .toList();
        Seal seal = new Seal(1, "2026-11-23T12:00:00Z", new Seal.Subject("https://jenkins.example.com/", "team/app", 7, "0123456789abcdef"),
                3, "ab".repeat(32), "cd".repeat(32), List.of("ef".repeat(32)), sealed, launches);
        files.put(Verification.SEAL, seal.sign(keys).toJson());
    }

    static byte[] events(Random random) {
        EventLog log = new EventLog(NONCE).start("sh", "-c", "make");
        log.process(1, 0, "/bin/sh", "/ws", "sh", "-c", "make");
        int count = 3 + random.nextInt(30);
        for (int i = 0; i < count; i++) {
            switch (random.nextInt(4)) {
                case 0 -> log.connect(1, "203.0.113." + random.nextInt(256), 1 + random.nextInt(65535), null, "would-block", "default");
                case 1 -> log.dns(1, "n" + random.nextInt(1000) + ".example.com", "allowed", "a1");
                case 2 -> log.creates(1, "/ws/" + random.nextInt(1000) + "/", IntStream.range(0, 1 + random.nextInt(20))
                        .mapToObj(name -> "\u00e4" + name).toArray(String[]::new));
                default -> log.write(1, "/ws/file" + random.nextInt(1000) + " \u00e4", "allowed", "default");
            }
        }
        log.end(0);
        return log.text().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public InputStream open(String name) throws IOException {
        byte[] content = files.get(name);
        if (content == null) {
            throw new NoSuchFileException(name);
        }
        return new ByteArrayInputStream(content);
    }

    Verification verify() throws IOException {
        return Verification.of(this, List.of(KEY.verifying()));
    }
}

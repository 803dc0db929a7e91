package io.jenkins.plugins.hardenrunner.engine.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.jenkins.plugins.hardenrunner.engine.event.EventLog;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
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
        try (var out = new java.util.zip.GZIPOutputStream(zipped)) {
            out.write("hello\n".getBytes(UTF_8));
        }
        assertThat(assertThrows(EvidenceException.class, () -> EventArchive.open(new ByteArrayInputStream(zipped.toByteArray()))).getMessage(),
                containsString("does not begin"));
    }
}

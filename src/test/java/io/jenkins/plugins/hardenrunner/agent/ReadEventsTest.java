package io.jenkins.plugins.hardenrunner.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadEventsTest {
    @TempDir
    Path root;

    private Path launch;

    @BeforeEach
    void makeFolder() throws Exception {
        launch = Files.createDirectories(root.resolve("b/l-1"));
    }

    private ReadEvents.Chunk read(long offset) throws Exception {
        return new ReadEvents(Map.of("b/l-1", offset)).invoke(root.toFile(), null).get("b/l-1");
    }

    @Test
    void readsFromTheOffsetOn() throws Exception {
        Files.writeString(launch.resolve("events.ndjson"), "one\ntwo\n");
        assertThat(new String(read(4).bytes, StandardCharsets.UTF_8), is("two\n"));
        assertThat(read(8).bytes.length, is(0));
        assertThat(read(8).size, is(8L));
    }

    @Test
    void fileThatIsNotThereIsMissing() throws Exception {
        assertThat(read(0).missing, is(true));
    }

    @Test
    void fileThatWasCutHasNothingNew() throws Exception {
        Files.writeString(launch.resolve("events.ndjson"), "one\n");
        ReadEvents.Chunk chunk = read(100);
        assertThat(chunk.bytes.length, is(0));
        assertThat(chunk.size, is(4L));
    }

    @Test
    void linksAreNotFollowed() throws Exception {
        Path secret = Files.writeString(root.resolve("secret"), "secret");
        Files.createSymbolicLink(launch.resolve("events.ndjson"), secret);
        assertThat(read(0).missing, is(true));
        Path other = Files.createDirectories(root.resolve("other"));
        Files.writeString(other.resolve("events.ndjson"), "secret");
        Files.createSymbolicLink(root.resolve("b/l-2"), other);
        assertThat(new ReadEvents(Map.of("b/l-2", 0L)).invoke(root.toFile(), null).get("b/l-2").missing, is(true));
    }

    @Test
    void oneAnswerIsBounded() throws Exception {
        byte[] large = new byte[ReadEvents.MAX_CHUNK + 1];
        Files.write(launch.resolve("events.ndjson"), large);
        assertThat(read(0).bytes.length, is(ReadEvents.MAX_CHUNK));
        assertThat(read(ReadEvents.MAX_CHUNK).bytes.length, is(1));
    }
}

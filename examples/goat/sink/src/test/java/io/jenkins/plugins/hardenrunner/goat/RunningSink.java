package io.jenkins.plugins.hardenrunner.goat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;

/** A sink on free ports, with its log at hand. */
final class RunningSink implements AutoCloseable {
    final SinkOptions options;
    final Sink sink;

    RunningSink(Path folder) throws IOException {
        options = new SinkOptions(
                folder.resolve("log"), folder.resolve("ca.pem"), folder.resolve("ready"), 0, new int[] {0}, new int[] {0}, true);
        sink = new Sink(options);
    }

    /** The log, once it satisfies the condition; the servers write it on their own threads. */
    SinkRecord recordOnce(Predicate<SinkRecord> condition) throws Exception {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(10));
        while (true) {
            SinkRecord record = new SinkRecord(options.log());
            if (condition.test(record)) {
                return record;
            }
            if (Instant.now().isAfter(deadline)) {
                throw new AssertionError("not in the log within 10 s: " + java.nio.file.Files.readString(options.log()));
            }
            Thread.sleep(20);
        }
    }

    @Override
    public void close() throws IOException {
        sink.close();
    }
}

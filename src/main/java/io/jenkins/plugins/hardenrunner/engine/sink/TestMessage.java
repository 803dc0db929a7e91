package io.jenkins.plugins.hardenrunner.engine.sink;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.hardenrunner.engine.report.Severity;
import java.util.UUID;

/** What the test button sends. */
public final class TestMessage {
    private TestMessage() {}

    /**
     * A new message.
     *
     * @param instance root URL of the Jenkins; may be empty
     * @param user who asked for it
     */
    public static SinkMessage of(String instance, String user) {
        ObjectNode data = SinkMessage.object();
        data.put("user", user);
        return SinkMessage.of("test/" + UUID.randomUUID(), SinkMessage.Kind.TEST, System.currentTimeMillis(), Severity.INFO,
                "a test of the configuration by " + user, SinkSource.of(instance), data);
    }
}

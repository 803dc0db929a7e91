package io.jenkins.plugins.hardenrunner.engine.sink;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.hardenrunner.engine.event.EventLog;
import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.EgressPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.Origin;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyLayer;
import io.jenkins.plugins.hardenrunner.engine.report.LaunchInfo;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.engine.report.ReportBuilder;
import io.jenkins.plugins.hardenrunner.engine.report.Severity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Messages and reports for tests. */
final class Messages {
    static final SinkSource SOURCE = new SinkSource("https://ci.example.com/", "folder/job", 7,
            "https://ci.example.com/job/folder/job/job/7/harden-runner/", "0123456789abcdef");

    private Messages() {}

    /** A report of a block in which an install script called home. */
    static Report report() throws IOException {
        EffectivePolicy policy = EffectivePolicy.resolve(List.of(PolicyLayer.builder(Origin.STEP).egressPolicy(EgressPolicy.BLOCK).build()));
        ReportBuilder builder = new ReportBuilder(policy).toolVersion("1").ended(1_700_000_100_000L);
        EventLog log = log();
        builder.readEvents(new LaunchInfo("l-1", "sh", "Build", "agent", EventLog.NONCE), log.stream());
        return builder.build();
    }

    static EventLog log() {
        return new EventLog().startIn("enforced", "", "sh")
                .process(1, 0, "/bin/sh", "/ws", "sh")
                .npm(2, 1, "/usr/bin/node", "/dep", "evil", "1.0.0", "preinstall", "node", "x.js")
                .dns(2, "attacker.test", "blocked", "default")
                .connect(2, "192.0.2.1", 443, "attacker.test", "blocked", "default")
                .write(2, "/ws/index.js", "would-block", "protected").end(1);
    }

    static SinkMessage message(String id, String text) {
        ObjectNode data = SinkMessage.object();
        data.put("note", text);
        return SinkMessage.of(id, SinkMessage.Kind.TEST, 1_700_000_000_123L, Severity.HIGH, text, SOURCE, data);
    }

    static List<SinkMessage> messages(int count) {
        List<SinkMessage> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            messages.add(message("m" + i, "text of " + i));
        }
        return messages;
    }
}

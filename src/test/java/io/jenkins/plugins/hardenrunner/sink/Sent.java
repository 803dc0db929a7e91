package io.jenkins.plugins.hardenrunner.sink;

import io.jenkins.plugins.hardenrunner.engine.sink.Delivery;
import io.jenkins.plugins.hardenrunner.engine.sink.SinkMessage;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What the tests of the senders send. */
final class Sent {
    private static final String FINDING = "{'schema':1,'id':'0123456789abcdef/finding/1','kind':'finding','time':'2026-01-02T03:04:05.678Z',"
            + "'severity':'critical','text':'egress-blocked: connect','source':{'instance':'https://ci.example.com/','job':'folder/job','build':7,"
            + "'block':'0123456789abcdef','url':'https://ci.example.com/job/7/'},'data':{'finding':'egress-blocked','endpoint':'attacker.test:443',"
            + "'lineages':2,'flag':true,'nested':{'sha256':'aa'},'names':['a','b'],'processes':[{'pid':42,'exe':'/usr/bin/node',"
            + "'argv':['node','x.js\\n\\u2028'],'cwd':'/ws'}]}}";

    private Sent() {}

    static SinkMessage message(String id) {
        try {
            return SinkMessage.parse(FINDING.replace('\'', '"').replace("0123456789abcdef/finding/1", id));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    static List<SinkMessage> messages(int count) {
        List<SinkMessage> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            messages.add(message("m" + i));
        }
        return messages;
    }

    static Delivery delivery(SinkMessage... messages) {
        return new Delivery("0123456789abcdef0123456789abcdef", Instant.now(), List.of(messages));
    }

    static SinkHttp http() {
        return new SinkHttp(SinkHttp.prepared(HttpClient.newBuilder()), Duration.ofSeconds(2));
    }
}

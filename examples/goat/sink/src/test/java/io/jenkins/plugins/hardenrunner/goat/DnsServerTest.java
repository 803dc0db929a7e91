package io.jenkins.plugins.hardenrunner.goat;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

final class DnsServerTest {
    private static final InetAddress LOCAL = InetAddress.getLoopbackAddress();

    @TempDir
    Path folder;

    private RunningSink running;

    @BeforeEach
    void start() throws Exception {
        running = new RunningSink(folder);
    }

    @AfterEach
    void stop() throws Exception {
        running.close();
    }

    @ParameterizedTest
    @CsvSource({
        "attacker.test, 127.0.1.9",
        "ATTACKER.Test, 127.0.1.9",
        "registry.test, 127.0.1.10",
        "malicious.test, 127.0.1.11",
        "a.b.malicious.test, 127.0.1.11"
    })
    void answersWithALoopbackAddress(String name, String address) throws Exception {
        Message answer = overUdp(query(name, Type.A));
        assertThat(answer.getRcode(), is(Rcode.NOERROR));
        assertThat(data(answer), contains(address));
    }

    @ParameterizedTest
    @CsvSource({"other.test", "www.attacker.test", "notmalicious.test", "attacker.test.example.com", "example.com"})
    void otherNamesDoNotExist(String name) throws Exception {
        Message answer = overUdp(query(name, Type.A));
        assertThat(answer.getRcode(), is(Rcode.NXDOMAIN));
        assertThat(data(answer), empty());
    }

    @Test
    void hasTextButNoIpv6Address() throws Exception {
        assertThat(data(overUdp(query("x.malicious.test", Type.TXT))), contains("goat"));
        Message noData = overUdp(query("attacker.test", Type.AAAA));
        assertThat(noData.getRcode(), is(Rcode.NOERROR));
        assertThat(data(noData), empty());
        assertThat(noData.getSection(Section.AUTHORITY).size(), is(1));
    }

    @Test
    void answersSeveralQueriesOnOneTcpConnection() throws Exception {
        try (Socket socket = new Socket(LOCAL, running.sink.dnsPort())) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            for (String name : List.of("attacker.test", "registry.test")) {
                byte[] query = query(name, Type.A).toWire();
                out.writeShort(query.length);
                out.write(query);
                Message answer = new Message(in.readNBytes(in.readUnsignedShort()));
                assertThat(answer.getQuestion().getName().toString(true), is(name));
                assertThat(data(answer).size(), is(1));
            }
        }
    }

    @Test
    void logsEachQueryBeforeTheAnswer() throws Exception {
        overUdp(query("abc.malicious.test", Type.A));
        assertThat(new SinkRecord(running.options.log()).queries(Zone.MALICIOUS), contains("abc.malicious.test"));
    }

    @Test
    void logsBytesThatAreNoMessageAndGoesOn() throws Exception {
        try (DatagramSocket socket = new DatagramSocket()) {
            byte[] noise = {1, 2, 3};
            socket.send(new DatagramPacket(noise, noise.length, LOCAL, running.sink.dnsPort()));
        }
        assertThat(data(overUdp(query("attacker.test", Type.A))), contains("127.0.1.9"));
        assertThat(
                Files.readString(running.options.log()),
                containsString("\"event\":\"unparseable\",\"transport\":\"udp\""));
    }

    @Test
    void refusesWhatIsNotAQuery() throws Exception {
        Message update = query("attacker.test", Type.A);
        update.getHeader().setOpcode(Opcode.UPDATE);
        assertThat(overUdp(update).getRcode(), is(Rcode.NOTIMP));
    }

    private Message overUdp(Message query) throws Exception {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(5000);
            byte[] bytes = query.toWire();
            socket.send(new DatagramPacket(bytes, bytes.length, LOCAL, running.sink.dnsPort()));
            DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
            socket.receive(packet);
            Message answer = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
            assertThat(answer.getHeader().getID(), is(query.getHeader().getID()));
            return answer;
        }
    }

    private static Message query(String name, int type) throws Exception {
        return Message.newQuery(Record.newRecord(Name.fromString(name + "."), type, DClass.IN));
    }

    private static List<String> data(Message answer) {
        return answer.getSection(Section.ANSWER).stream().map(Record::rdataToString).toList();
    }
}

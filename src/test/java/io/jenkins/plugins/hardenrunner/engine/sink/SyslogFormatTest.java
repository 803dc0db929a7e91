package io.jenkins.plugins.hardenrunner.engine.sink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import com.github.palindromicity.syslog.SyslogParser;
import com.github.palindromicity.syslog.SyslogParserBuilder;
import com.github.palindromicity.syslog.SyslogSpecification;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Read back by a parser that was generated from the grammar of the RFC. */
class SyslogFormatTest {
    private static final String SD = "syslog.structuredData.hardenRunner@32473.";
    private static final SyslogFormat STREAM = new SyslogFormat("ci.example.com", 13, 32473, SyslogFormat.STREAM_BYTES);

    private static String text(byte[] bytes) throws Exception {
        // Strict: half a character fails.
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }

    private static Map<String, Object> parsed(byte[] bytes) throws Exception {
        SyslogParser parser = new SyslogParserBuilder().forSpecification(SyslogSpecification.RFC_5424).build();
        text(bytes);
        // The grammar is one of octets.
        Map<String, Object> fields = new TreeMap<>();
        parser.parseLine(new String(bytes, StandardCharsets.ISO_8859_1)).forEach((name, value) -> fields.put(name,
                new String(value.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8)));
        return fields;
    }

    private static SinkMessage finding() throws Exception {
        return new BlockMessages(Messages.report(), Messages.SOURCE).findings().stream()
                .filter(message -> message.data().path("finding").asText().equals("egress-blocked")).findFirst().orElseThrow();
    }

    @Test
    void aFindingHasItsFieldsAndReadableText() throws Exception {
        Map<String, Object> fields = parsed(STREAM.format(finding()));
        assertThat(fields.get("syslog.header.appName"), is("harden-runner"));
        assertThat(fields.get("syslog.header.hostName"), is("ci.example.com"));
        assertThat(fields.get("syslog.header.msgId"), is("finding"));
        assertThat(fields.get("syslog.header.facility"), is("13"));
        assertThat(fields.get("syslog.header.timestamp"), is(finding().time().toString()));
        assertThat(fields.get(SD + "endpoint"), is("attacker.test:443"));
        assertThat(fields.get(SD + "package"), is("evil"));
        assertThat(fields.get(SD + "job"), is("folder/job"));
        assertThat(fields.get(SD + "build"), is("7"));
        assertThat((String) fields.get("syslog.message"), startsWith("egress-blocked: "));
        assertThat(text(STREAM.format(finding())), containsString("] \ufeffegress-blocked: "));
    }

    @Test
    void hostileTextStaysInItsPlace() throws Exception {
        String hostile = "a]b\"c\\d\r\n<13>1 - - - - - forged\u0000\u001b[2J\u202eevil\u2028\ud800 ä😀";
        byte[] bytes = STREAM.format(Messages.message("id\n]", hostile));
        String line = text(bytes);
        assertThat(line.codePoints().filter(point -> point < 32 || point == 127 || point == 0x2028 || point == 0x202e).count(), is(0L));
        Map<String, Object> fields = parsed(bytes);
        String shown = "a]b\"c\\d\\u000d\\u000a<13>1 - - - - - forged\\u0000\\u001b[2J\\u202eevil\\u2028";
        // The parser leaves the escapes of RFC 5424, 6.3.3, as they are.
        assertThat((String) fields.get(SD + "note"), startsWith("a\\]b\\\"c\\\\d\\\\u000d\\\\u000a<13>1 - - - - - forged\\\\u0000"));
        assertThat((String) fields.get("syslog.message"), startsWith(shown));
        assertThat((String) fields.get("syslog.message"), endsWith("ä😀"));
    }

    @Test
    void randomTextIsAlwaysReadBackWithinTheLimit() throws Exception {
        Random random = new Random(5424);
        for (int limit : new int[] {480, SyslogFormat.DATAGRAM_BYTES, SyslogFormat.STREAM_BYTES}) {
            SyslogFormat format = new SyslogFormat("host", 13, 32473, limit);
            for (int i = 0; i < 200; i++) {
                StringBuilder text = new StringBuilder();
                random.ints(random.nextInt(6000), 0, random.nextBoolean() ? 0x100 : 0x11000)
                        // This parser takes the six characters "\\u0009" for a tab, which its grammar does not have.
                        .filter(point -> point != '\t').forEach(text::appendCodePoint);
                byte[] bytes = format.format(Messages.message(text.toString(), text.toString()));
                assertThat(bytes.length, is(lessThanOrEqualTo(limit)));
                Map<String, Object> fields = parsed(bytes);
                assertThat(fields.get("syslog.header.msgId"), is("test"));
                assertThat(text(bytes), not(containsString("\n")));
            }
        }
    }

    @Test
    void fieldNamesFromEventsAreMadeNames() throws Exception {
        SinkMessage message = Messages.message("x", "y");
        message.data().put("bad\"name] =\n" + "n".repeat(50), "value");
        assertThat(parsed(STREAM.format(message)).containsValue("value"), is(true));
    }

    @Test
    void streamsHaveTheLengthInBytesBeforeEachMessage() throws Exception {
        byte[] message = STREAM.format(Messages.message("x", "ä😀"));
        byte[] framed = SyslogFormat.frame(message);
        String prefix = message.length + " ";
        assertThat(new String(framed, 0, prefix.length(), StandardCharsets.US_ASCII), is(prefix));
        assertThat(framed.length, is(prefix.length() + message.length));
    }

    @Test
    void priorityFollowsSeverity() throws Exception {
        assertThat(text(new SyslogFormat("h", 16, 1, 480).format(Messages.message("x", "y"))), startsWith("<131>1 "));
        assertThat(List.of("h h", "").stream().map(host -> new String(new SyslogFormat(host, 0, 1, 480).format(Messages.message("x", "y")),
                StandardCharsets.UTF_8).split(" ")[2]).toList(), is(List.of("h_h", "-")));
    }
}

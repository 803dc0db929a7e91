package io.jenkins.plugins.hardenrunner.engine.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.jenkins.plugins.hardenrunner.engine.report.Severity;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/**
 * Messages as RFC 5424 has them. Text from builds cannot end a line, a parameter or an element: what a receiver could take
 * for one of these is escaped, also where the RFC would let it pass.
 */
public final class SyslogFormat {
    /** Bytes that every receiver over UDP should take (RFC 5426, section 3.2). */
    public static final int DATAGRAM_BYTES = 2048;

    /** Bytes of a message over TCP or TLS; receivers are known to cut at 8 KiB. */
    public static final int STREAM_BYTES = 8192;

    private static final String NIL = "-";
    private static final int MOST_NAME = 32;
    private static final byte[] BOM = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    /** In the text already, or too long for a parameter. */
    private static final Set<String> LEFT_OUT = Set.of("message", "explanation", "remedy", "processes", "event.h");

    private final String hostname;
    private final int facility;
    private final String element;
    private final int limit;

    /**
     * @param hostname of this Jenkins; what is not printable ASCII becomes {@code _}
     * @param facility 0 to 23
     * @param enterprise the private enterprise number in the name of the structured data
     * @param limit bytes of a message, at least 480; longer ones are cut
     */
    public SyslogFormat(String hostname, int facility, long enterprise, int limit) {
        this.hostname = hostname.isEmpty() ? NIL : ascii(hostname, 255);
        this.facility = facility;
        this.element = "hardenRunner@" + enterprise;
        this.limit = limit;
    }

    /** The message without framing. */
    public byte[] format(SinkMessage message) {
        String header = "<" + (facility * 8 + severity(message.severity())) + ">1 " + message.time() + " " + hostname
                + " harden-runner - " + ascii(message.kind(), MOST_NAME) + " ";
        // At least a third of the space is for the text.
        Parameters parameters = new Parameters(limit - limit / 3 - header.length(), limit / 8);
        parameters.add("id", message.id());
        message.source().properties().forEach(field -> parameters.add(field.getKey(), field.getValue().asText()));
        parameters.add("severity", message.severity().token());
        for (Map.Entry<String, JsonNode> field : FlatFields.of(message.data()).entrySet()) {
            if (!LEFT_OUT.contains(field.getKey())) {
                parameters.add(field.getKey(), text(field.getValue()));
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes((header + parameters.end() + " ").getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(BOM);
        bytes.writeBytes(cut(readable(message), limit - bytes.size()));
        return bytes.toByteArray();
    }

    /** A message as streams have it: its length before it (RFC 5425, RFC 6587 section 3.4.1). */
    public static byte[] frame(byte[] message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(message.length + 8);
        bytes.writeBytes((message.length + " ").getBytes(StandardCharsets.US_ASCII));
        bytes.writeBytes(message);
        return bytes.toByteArray();
    }

    private static String readable(SinkMessage message) {
        ObjectNode data = message.data();
        String text = message.text();
        for (String field : new String[] {"explanation", "remedy"}) {
            if (data.hasNonNull(field)) {
                text += (text.endsWith(".") ? " " : ". ") + data.get(field).asText();
            }
        }
        return harmless(text);
    }

    private static String text(JsonNode value) {
        if (!value.isArray()) {
            return value.asText();
        }
        StringBuilder joined = new StringBuilder();
        value.forEach(element -> joined.append(joined.isEmpty() ? "" : " ").append(element.asText()));
        return joined.toString();
    }

    private static int severity(Severity severity) {
        return switch (severity) {
            case CRITICAL -> 2;
            case HIGH -> 3;
            case MEDIUM -> 4;
            case LOW -> 5;
            case INFO -> 6;
        };
    }

    /** Whoever splits at line ends, or shows the text on a terminal, must not be led astray by it. */
    private static String harmless(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            int type = Character.getType(point);
            if (Character.isISOControl(point) || type == Character.FORMAT || type == Character.SURROGATE
                    || type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR) {
                shown.append(String.format("\\u%04x", point));
            } else {
                shown.appendCodePoint(point);
            }
        });
        return shown.toString();
    }

    private static String ascii(String text, int most) {
        String printable = text.replaceAll("[^!-~]", "_");
        return printable.length() <= most ? printable : printable.substring(0, most);
    }

    /** At most so many bytes, without half a character at the end. */
    private static byte[] cut(String text, int most) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= most) {
            return bytes;
        }
        byte[] ellipsis = "…".getBytes(StandardCharsets.UTF_8);
        int length = Math.max(0, most - ellipsis.length);
        while (length > 0 && (bytes[length] & 0xc0) == 0x80) {
            length--;
        }
        ByteArrayOutputStream cut = new ByteArrayOutputStream();
        cut.write(bytes, 0, length);
        cut.writeBytes(ellipsis);
        return cut.toByteArray();
    }

    /** The structured data, as far as there is room. */
    private final class Parameters {
        private final StringBuilder text = new StringBuilder("[").append(element);
        private final int room;
        private final int longest;
        private int bytes = text.length() + 1;

        Parameters(int room, int longest) {
            this.room = room;
            this.longest = longest;
        }

        void add(String name, String value) {
            String shown = new String(cut(harmless(value), longest), StandardCharsets.UTF_8);
            // RFC 5424, section 6.3.3: these three, and no others.
            String escaped = shown.replace("\\", "\\\\").replace("\"", "\\\"").replace("]", "\\]");
            String parameter = " " + ascii(name, MOST_NAME).replaceAll("[=\\]\"]", "_") + "=\"" + escaped + "\"";
            int length = parameter.getBytes(StandardCharsets.UTF_8).length;
            if (!name.isEmpty() && bytes + length <= room) {
                text.append(parameter);
                bytes += length;
            }
        }

        String end() {
            return text + "]";
        }
    }
}

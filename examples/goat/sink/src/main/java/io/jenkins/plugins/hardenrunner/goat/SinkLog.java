package io.jenkins.plugins.hardenrunner.goat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Base64;
import java.util.function.Consumer;

/** NDJSON log, one object a line, written through before {@link #write} returns. Safe for many threads. */
final class SinkLog implements Closeable {
    private static final DateTimeFormatter MILLISECONDS =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private final ObjectMapper mapper = new ObjectMapper();
    private final OutputStream out;
    private boolean closed;

    SinkLog(Path file) throws IOException {
        out = Files.newOutputStream(file);
    }

    /** Appends one line: the time, the server and what {@code fields} adds. */
    void write(String server, Consumer<ObjectNode> fields) {
        ObjectNode line = mapper.createObjectNode();
        line.put("time", MILLISECONDS.format(Instant.now()));
        line.put("server", server);
        fields.accept(line);
        try {
            byte[] bytes = (mapper.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
            synchronized (out) {
                if (!closed) { // after that only connections that are being torn down have something to say
                    out.write(bytes);
                    out.flush();
                }
            }
        } catch (IOException e) {
            // A sink that cannot record must not look as if nothing had arrived.
            throw new UncheckedIOException(e);
        }
    }

    /** Adds {@code bytes} and the content: {@code text} if it is printable UTF-8, else {@code base64}. */
    static void content(ObjectNode line, byte[] content) {
        line.put("bytes", content.length);
        String text = printable(content);
        if (text != null) {
            line.put("text", text);
        } else {
            line.put("base64", Base64.getEncoder().encodeToString(content));
        }
    }

    private static String printable(byte[] content) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
            boolean plain = text.chars().allMatch(c -> c == '\r' || c == '\n' || c == '\t' || !Character.isISOControl(c));
            return plain ? text : null;
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (out) {
            closed = true;
            out.close();
        }
    }
}

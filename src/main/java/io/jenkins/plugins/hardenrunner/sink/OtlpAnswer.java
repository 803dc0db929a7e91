package io.jenkins.plugins.hardenrunner.sink;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.engine.policy.Text;
import java.nio.ByteBuffer;
import java.nio.BufferUnderflowException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the one thing of a collector's answer that matters: {@code ExportLogsServiceResponse.partial_success}, field 1, with
 * {@code rejected_log_records}, field 1, and {@code error_message}, field 2. The SDK writes protocol buffers only.
 */
final class OtlpAnswer {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH = 2;
    private static final int FIXED32 = 5;

    private long rejected;
    private String message = "";

    private OtlpAnswer() {}

    /** What the collector has not taken though the status says success; null if it has taken everything. */
    @CheckForNull
    static String refused(@NonNull byte[] body) {
        OtlpAnswer answer = new OtlpAnswer();
        try {
            answer.read(ByteBuffer.wrap(body), true);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            // Some receivers answer with text. The status counts then.
            return null;
        }
        return answer.rejected <= 0 ? null
                : "the collector did not take " + answer.rejected + " of the records" + (answer.message.isEmpty() ? "" : ": " + Text.shown(answer.message));
    }

    private void read(ByteBuffer in, boolean outer) {
        while (in.hasRemaining()) {
            long tag = varint(in);
            int field = (int) (tag >>> 3);
            switch ((int) tag & 7) {
                case VARINT -> {
                    long value = varint(in);
                    if (!outer && field == 1) {
                        rejected = value;
                    }
                }
                case FIXED64 -> in.getLong();
                case FIXED32 -> in.getInt();
                case LENGTH -> {
                    long length = varint(in);
                    if (length < 0 || length > in.remaining()) {
                        throw new IllegalArgumentException("longer than the message around it");
                    }
                    ByteBuffer part = in.slice(in.position(), (int) length);
                    in.position(in.position() + (int) length);
                    if (outer && field == 1) {
                        read(part, false);
                    } else if (!outer && field == 2) {
                        message = StandardCharsets.UTF_8.decode(part).toString();
                    }
                }
                default -> throw new IllegalArgumentException("no wire type of protocol buffers");
            }
        }
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number of more than ten bytes");
    }
}

package io.jenkins.plugins.hardenrunner.engine.audit;

import io.jenkins.plugins.hardenrunner.engine.event.EventChain;
import io.jenkins.plugins.hardenrunner.engine.event.EventReader;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * An event file in little space. Half of a short event's line is its hash, which does not compress; but all hashes of an
 * intact chain follow from the nonce and the events. So they are left out and computed again when the file is read: the
 * last one must be the head that the seal has, which no other events give.
 *
 * <p>Format: gzip of the first line {@code harden-events-archive 1 NONCE} and then the file's lines without
 * {@code ,"h":"…"}. A file whose chain does not hold is evidence as it is and is stored unchanged.
 */
public final class EventArchive {
    private static final String MAGIC = "harden-events-archive 1 ";

    private EventArchive() {}

    /** What was archived. @param head hash of the newest line, null without lines */
    public record Archived(long lines, String head) {}

    /**
     * Archives a whole and intact event file.
     *
     * @param out stays open
     * @throws EvidenceException if a line does not fit the chain; what was written until then is of no use
     */
    public static Archived write(String nonce, InputStream events, OutputStream out) throws IOException {
        EventChain chain = new EventChain(nonce);
        GZIPOutputStream zip = new GZIPOutputStream(out, 32 * 1024);
        zip.write((MAGIC + nonce + "\n").getBytes(StandardCharsets.US_ASCII));
        InputStream in = new BufferedInputStream(events);
        byte[] line = new byte[EventReader.MAX_LINE];
        long number = 0;
        for (int length; (length = readLine(in, line, number + 1)) >= 0; ) {
            number++;
            String hash = length < EventChain.TAIL ? "" : chain.append(line, length - EventChain.TAIL);
            byte[] tail = EventChain.tail(hash);
            if (length < EventChain.TAIL || !Arrays.equals(line, length - EventChain.TAIL, length, tail, 0, EventChain.TAIL)) {
                throw new EvidenceException("line " + number + " does not fit the chain");
            }
            zip.write(line, 0, length - EventChain.TAIL);
            zip.write('\n');
        }
        zip.finish();
        return new Archived(number, number == 0 ? null : chain.head());
    }

    /**
     * The event file that was archived, byte for byte.
     *
     * @param archive is closed with the result
     * @throws EvidenceException if it is no archive; a damaged one fails while it is read
     */
    public static InputStream open(InputStream archive) throws IOException {
        InputStream zip;
        try {
            zip = new BufferedInputStream(new GZIPInputStream(archive, 32 * 1024));
        } catch (IOException e) {
            throw new EvidenceException("not an event archive: " + e.getMessage(), e);
        }
        byte[] line = new byte[EventReader.MAX_LINE];
        int length = readLine(zip, line, 0);
        String first = length < 0 ? "" : new String(line, 0, length, StandardCharsets.US_ASCII);
        if (!first.startsWith(MAGIC)) {
            zip.close();
            throw new EvidenceException("not an event archive: it does not begin with '" + MAGIC.trim() + "'");
        }
        return new Restored(zip, new EventChain(first.substring(MAGIC.length())));
    }

    /** Reads a line into the buffer; its length without the newline, or -1 at the end. */
    private static int readLine(InputStream in, byte[] line, long number) throws IOException {
        int length = 0;
        for (int next; (next = in.read()) >= 0; ) {
            if (next == '\n') {
                return length;
            }
            if (length == line.length) {
                throw new EvidenceException("line " + number + " is longer than " + EventReader.MAX_LINE + " bytes");
            }
            line[length++] = (byte) next;
        }
        if (length > 0) {
            throw new EvidenceException("line " + number + " has no end");
        }
        return -1;
    }

    private static final class Restored extends InputStream {
        private final InputStream in;
        private final EventChain chain;
        private final byte[] line = new byte[EventReader.MAX_LINE];
        private byte[] current = {};
        private int position;
        private long number;

        private Restored(InputStream in, EventChain chain) {
            this.in = in;
            this.chain = chain;
        }

        private boolean fill() throws IOException {
            if (position < current.length) {
                return true;
            }
            int length = readLine(in, line, ++number);
            if (length < 0) {
                return false;
            }
            String hash = chain.append(line, length);
            ByteArrayOutputStream whole = new ByteArrayOutputStream(length + EventChain.TAIL + 1);
            whole.write(line, 0, length);
            whole.writeBytes(EventChain.tail(hash));
            whole.write('\n');
            current = whole.toByteArray();
            position = 0;
            return true;
        }

        @Override
        public int read() throws IOException {
            return fill() ? current[position++] & 0xff : -1;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            if (!fill()) {
                return -1;
            }
            int count = Math.min(length, current.length - position);
            System.arraycopy(current, position, buffer, offset, count);
            position += count;
            return count;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}

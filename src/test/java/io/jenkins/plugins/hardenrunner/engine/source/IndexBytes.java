package io.jenkins.plugins.hardenrunner.engine.source;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Builds index files that git would not write. */
final class IndexBytes {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);
    private int count;
    private Integer claimed;

    IndexBytes(int version) {
        try {
            out.writeBytes("DIRC");
            out.writeInt(version);
            out.writeInt(0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    IndexBytes entry(String path) {
        try {
            int start = bytes.size();
            out.write(new byte[24]);
            out.writeInt(0100644);
            out.write(new byte[12]);
            out.write(new byte[20]);
            byte[] name = path.getBytes(StandardCharsets.UTF_8);
            out.writeShort(name.length);
            out.write(name);
            do {
                out.write(0);
            } while ((bytes.size() - start) % 8 != 0);
            count++;
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    IndexBytes count(int value) {
        claimed = value;
        return this;
    }

    /** With a zero checksum, which git takes for none. */
    byte[] bytes() {
        byte[] all = new byte[bytes.size() + 20];
        System.arraycopy(bytes.toByteArray(), 0, all, 0, bytes.size());
        ByteBuffer.wrap(all).putInt(8, claimed == null ? count : claimed);
        return all;
    }
}

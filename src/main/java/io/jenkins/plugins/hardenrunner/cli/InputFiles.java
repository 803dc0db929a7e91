package io.jenkins.plugins.hardenrunner.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that people name: read up to a limit, because a device or a pipe has no size that could be looked at before. */
final class InputFiles {
    private InputFiles() {}

    /**
     * The whole text of a file.
     *
     * @param what begins the messages
     * @param mebibytes the most that such a file has
     * @throws IOException with a message in one line if it is longer, no UTF-8 text, or cannot be read
     */
    static String text(Path file, String what, int mebibytes) throws IOException {
        if (Files.isDirectory(file)) {
            throw new IOException(what + " is a folder");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return text(in, what, mebibytes);
        }
    }

    /** As {@link #text(Path, String, int)}. */
    static String text(InputStream in, String what, int mebibytes) throws IOException {
        int most = mebibytes << 20;
        byte[] bytes = in.readNBytes(most + 1);
        if (bytes.length > most) {
            throw new IOException(what + " is larger than " + mebibytes + " MiB");
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new IOException(what + " is not UTF-8 text", e);
        }
    }
}

package io.jenkins.plugins.hardenrunner.engine.source;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;

/** Reads files that somebody may be writing at the same time. */
final class Contents {
    /** Contents up to this size are compared line by line. */
    static final int MAX_DIFFED = 256 * 1024;

    private Contents() {}

    /** {@code link:TARGET} of a link, {@code sha256:DIGEST} of a file. */
    static String sha256(Path path, FileState state) throws IOException {
        return state.isLink() ? link(path) : "sha256:" + GitHash.sha256(path);
    }

    /** {@code link:TARGET} of a link, {@code blob:ID} of a file, {@code changing} of one that is being written. */
    static String blob(Path path, FileState state, String algorithm) throws IOException {
        if (state.isLink()) {
            return link(path);
        }
        String id = GitHash.blob(path, state.size(), algorithm);
        // The file is being written to: whatever it will be, it is not what it was.
        return id == null ? "changing" : "blob:" + id;
    }

    private static String link(Path path) throws IOException {
        return "link:" + Files.readSymbolicLink(path);
    }

    /** The content; null if it is larger than what is compared line by line. */
    static byte[] read(Path path) throws IOException {
        try (SeekableByteChannel in = Files.newByteChannel(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(MAX_DIFFED, Math.max(0, in.size())) + 1);
            while (in.read(buffer) >= 0) {
                if (!buffer.hasRemaining()) {
                    if (buffer.capacity() > MAX_DIFFED) {
                        return null;
                    }
                    buffer = ByteBuffer.allocate(MAX_DIFFED + 1).put(buffer.flip());
                }
            }
            return Arrays.copyOf(buffer.array(), buffer.position());
        }
    }

    /** The content with the line endings that git stores. */
    static byte[] withoutCarriageReturns(byte[] content) {
        byte[] out = new byte[content.length];
        int length = 0;
        for (int i = 0; i < content.length; i++) {
            if (content[i] != '\r' || i + 1 == content.length || content[i + 1] != '\n') {
                out[length++] = content[i];
            }
        }
        return Arrays.copyOf(out, length);
    }
}

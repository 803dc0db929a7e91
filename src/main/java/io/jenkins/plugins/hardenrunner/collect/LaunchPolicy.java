package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;

/**
 * The policy file of the launches of a block in one workspace, which differ in the nonce alone. It names each tracked file
 * of the workspace: to write and compress it anew for each command would cost more than all else that a command needs.
 */
public final class LaunchPolicy {
    /** A nonce as it looks in a policy file, to be rendered in the place of the real ones. */
    public static final String PLACEHOLDER = "0".repeat(64);

    private static final String LINE = "\nnonce " + PLACEHOLDER + "\n";

    private final String before;
    private final byte[] after;

    /**
     * @param rendered a policy file with {@link #PLACEHOLDER} as its nonce
     * @throws IllegalArgumentException if it has no such nonce
     */
    public LaunchPolicy(@NonNull String rendered) throws IOException {
        int at = rendered.indexOf(LINE);
        if (at < 0) {
            throw new IllegalArgumentException("the policy file has no nonce to replace");
        }
        before = rendered.substring(0, at);
        after = compress(rendered.substring(at + LINE.length()));
    }

    /** The policy file of one launch, compressed; of members one after the other, as gzip allows. */
    @NonNull
    public byte[] with(@NonNull String nonce) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(after.length + 512);
        bytes.write(compress(before + "\nnonce " + nonce + "\n"));
        bytes.write(after);
        return bytes.toByteArray();
    }

    private static byte[] compress(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.US_ASCII));
        }
        return bytes.toByteArray();
    }
}

package io.jenkins.plugins.hardenrunner.engine.source;

import io.jenkins.plugins.hardenrunner.engine.source.SourceManifest.Root;
import io.jenkins.plugins.hardenrunner.engine.source.SourceManifest.Source;
import io.jenkins.plugins.hardenrunner.engine.source.SourceManifest.Watch;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * A manifest as bytes, so that it can be kept where the build cannot change it. Big-endian; texts and contents are a
 * length and bytes; a path begins with how many bytes it shares with the one before. What is read was written by an
 * agent, so lengths and counts are bounded.
 */
final class ManifestFormat {
    private static final int MAGIC = 0x48524d33; // "HRM3"
    private static final int MAX_TEXT = 64 << 10;
    private static final int MAX_SOURCES = 5_000_000;
    private static final int MAX_OTHERS = 100_000;
    /** First byte of a digest: no digest, an object id in binary, a SHA-256 in binary, anything else as text. */
    private static final int NONE = 0;
    private static final int BLOB = 1;
    private static final int SHA256 = 2;
    private static final int OTHER = 3;

    private ManifestFormat() {}

    static void write(SourceManifest manifest, OutputStream stream) throws IOException {
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(stream, 1 << 16));
        out.writeInt(MAGIC);
        out.writeLong(manifest.takenAt);
        Map<Root, Integer> numbers = new IdentityHashMap<>();
        out.writeInt(manifest.roots.size());
        for (Root root : manifest.roots) {
            numbers.put(root, numbers.size());
            text(out, root.folder().toString());
            GitRepository repository = root.repository();
            out.writeBoolean(repository != null);
            if (repository != null) {
                text(out, repository.gitDirectory().toString());
                text(out, repository.commonDirectory().toString());
                text(out, repository.algorithm());
                out.writeBoolean(repository.filtered());
            }
        }
        out.writeInt(manifest.notes.size());
        for (String note : manifest.notes) {
            text(out, note);
        }
        out.writeInt(manifest.watches.size());
        for (Watch watch : manifest.watches) {
            out.writeByte(watch.category().ordinal());
            out.writeInt(numbers.get(watch.root()));
            text(out, watch.path());
            out.writeByte(watch.scope().ordinal());
        }
        out.writeInt(manifest.sources.size());
        byte[] last = {};
        for (Map.Entry<String, Source> entry : manifest.sources.entrySet()) {
            Source source = entry.getValue();
            last = path(out, entry.getKey(), last);
            out.writeByte(source.category().ordinal());
            out.writeInt(numbers.get(source.root()));
            FileState state = source.state();
            out.writeInt(state.mode());
            out.writeLong(state.size());
            out.writeLong(state.inode());
            out.writeLong(state.mtime());
            out.writeLong(state.ctime());
            digest(out, source.digest());
            bytes(out, source.content());
        }
        out.flush();
    }

    static SourceManifest read(InputStream stream) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(stream, 1 << 16));
        if (in.readInt() != MAGIC) {
            throw new IOException("not a source manifest of this version");
        }
        SourceManifest manifest = new SourceManifest();
        manifest.takenAt = in.readLong();
        for (int i = count(in, MAX_OTHERS); i > 0; i--) {
            Path folder = path(text(in));
            GitRepository repository = in.readBoolean()
                    ? new GitRepository(folder, path(text(in)), path(text(in)), algorithm(text(in)), in.readBoolean()) : null;
            manifest.add(new Root(folder, repository));
        }
        for (int i = count(in, MAX_OTHERS); i > 0; i--) {
            manifest.notes.add(text(in));
        }
        for (int i = count(in, MAX_OTHERS); i > 0; i--) {
            SourceChange.Category category = category(in);
            Root root = root(manifest, in);
            manifest.watches.add(new Watch(category, root, absolute(text(in)), one(Watch.Scope.values(), in.readByte())));
        }
        byte[] last = {};
        for (int i = count(in, MAX_SOURCES); i > 0; i--) {
            last = path(in, last);
            String name = absolute(new String(last, StandardCharsets.UTF_8));
            SourceChange.Category category = category(in);
            Root root = root(manifest, in);
            FileState state = new FileState(in.readInt(), in.readLong(), in.readLong(), in.readLong(), in.readLong());
            String digest = digest(in);
            if (digest != null && digest.startsWith("blob:") && root.repository() == null) {
                throw new IOException("source manifest: a blob without a repository");
            }
            manifest.sources.put(name, new Source(category, root, state, digest, bytes(in)));
        }
        return manifest;
    }

    private static SourceChange.Category category(DataInputStream in) throws IOException {
        return one(SourceChange.Category.values(), in.readByte());
    }

    private static <T> T one(T[] values, int number) throws IOException {
        if (number < 0 || number >= values.length) {
            throw new IOException("source manifest: " + number + " is out of range");
        }
        return values[number];
    }

    private static Root root(SourceManifest manifest, DataInputStream in) throws IOException {
        int number = in.readInt();
        if (number < 0 || number >= manifest.roots.size()) {
            throw new IOException("source manifest: there is no root " + number);
        }
        return manifest.roots.get(number);
    }

    private static String algorithm(String text) throws IOException {
        if (!text.equals("SHA-1") && !text.equals("SHA-256")) {
            throw new IOException("source manifest: unknown object format");
        }
        return text;
    }

    private static int count(DataInputStream in, int limit) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > limit) {
            throw new IOException("source manifest: a count of " + count + " is out of range");
        }
        return count;
    }

    private static void digest(DataOutputStream out, String digest) throws IOException {
        if (digest == null) {
            out.writeByte(NONE);
        } else if (digest.startsWith("blob:") || digest.startsWith("sha256:")) {
            byte[] id = HexFormat.of().parseHex(digest, digest.indexOf(':') + 1, digest.length());
            out.writeByte(digest.startsWith("blob:") ? BLOB : SHA256);
            out.writeByte(id.length);
            out.write(id);
        } else {
            out.writeByte(OTHER);
            text(out, digest);
        }
    }

    private static String digest(DataInputStream in) throws IOException {
        int form = in.readByte();
        switch (form) {
            case NONE:
                return null;
            case BLOB, SHA256:
                byte[] id = new byte[in.readUnsignedByte()];
                in.readFully(id);
                return (form == BLOB ? "blob:" : "sha256:") + GitHash.hex(id);
            case OTHER:
                return text(in);
            default:
                throw new IOException("source manifest: " + form + " is no form of a digest");
        }
    }

    private static byte[] path(DataOutputStream out, String path, byte[] last) throws IOException {
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        int shared = Arrays.mismatch(bytes, last);
        shared = Math.min(shared < 0 ? bytes.length : shared, Short.MAX_VALUE);
        out.writeShort(shared);
        out.writeInt(bytes.length - shared);
        out.write(bytes, shared, bytes.length - shared);
        return bytes;
    }

    private static byte[] path(DataInputStream in, byte[] last) throws IOException {
        int shared = in.readUnsignedShort();
        int length = count(in, MAX_TEXT);
        if (shared > last.length) {
            throw new IOException("source manifest: a path shares more than the path before it has");
        }
        byte[] path = Arrays.copyOf(last, shared + length);
        in.readFully(path, shared, length);
        return path;
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        byte[] bytes = new byte[count(in, MAX_TEXT)];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Only absolute paths: the comparison would take others for something in its own folder. */
    private static String absolute(String text) throws IOException {
        if (!text.startsWith("/") || text.indexOf('\0') >= 0) {
            throw new IOException("source manifest: '" + text + "' is not an absolute path");
        }
        return text;
    }

    private static Path path(String text) throws IOException {
        try {
            return Path.of(absolute(text));
        } catch (InvalidPathException e) {
            throw new IOException("source manifest: '" + text + "' is not a path", e);
        }
    }

    /** Null is written as the length -1. */
    private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes == null ? -1 : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length == -1) {
            return null;
        }
        if (length < 0 || length > Contents.MAX_DIFFED) {
            throw new IOException("source manifest: a content of " + length + " bytes is out of range");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }
}

package io.jenkins.plugins.hardenrunner.engine.source;

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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A manifest as bytes, so that it can be kept where the build cannot change it. Big-endian; texts and contents are a
 * length and bytes. What is read was written by an agent, so lengths and counts are bounded.
 */
final class ManifestFormat {
    private static final int MAGIC = 0x48524d31; // "HRM1"
    private static final int MAX_TEXT = 64 << 10;
    private static final int MAX_SOURCES = 5_000_000;
    private static final int MAX_OTHERS = 100_000;

    private ManifestFormat() {}

    static void write(SourceManifest manifest, OutputStream stream) throws IOException {
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(stream));
        out.writeInt(MAGIC);
        Map<GitRepository, Integer> repositories = new LinkedHashMap<>();
        manifest.sources.values().forEach(source -> repositories.putIfAbsent(source.repository(), repositories.size()));
        out.writeInt(repositories.size());
        for (GitRepository repository : repositories.keySet()) {
            text(out, repository.workTree().toString());
            text(out, repository.gitDirectory().toString());
            text(out, repository.commonDirectory().toString());
            text(out, repository.algorithm());
            out.writeBoolean(repository.filtered());
        }
        out.writeInt(manifest.workTrees.size());
        for (Path workTree : manifest.workTrees) {
            text(out, workTree.toString());
        }
        out.writeInt(manifest.notes.size());
        for (String note : manifest.notes) {
            text(out, note);
        }
        out.writeInt(manifest.sources.size());
        for (Map.Entry<Path, SourceManifest.Source> entry : manifest.sources.entrySet()) {
            SourceManifest.Source source = entry.getValue();
            text(out, entry.getKey().toString());
            out.writeInt(repositories.get(source.repository()));
            text(out, source.blob());
            FileState state = source.state();
            out.writeInt(state.mode());
            out.writeLong(state.size());
            out.writeLong(state.inode());
            out.writeLong(state.mtime());
            out.writeLong(state.ctime());
            text(out, source.digest());
            bytes(out, source.content());
        }
        out.flush();
    }

    static SourceManifest read(InputStream stream) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(stream));
        if (in.readInt() != MAGIC) {
            throw new IOException("not a source manifest");
        }
        SourceManifest manifest = new SourceManifest();
        List<GitRepository> repositories = new ArrayList<>();
        for (int i = count(in, MAX_OTHERS); i > 0; i--) {
            repositories.add(new GitRepository(path(in), path(in), path(in), text(in), in.readBoolean()));
        }
        for (int i = count(in, MAX_OTHERS); i > 0; i--) {
            manifest.workTrees.add(path(in));
        }
        for (int i = count(in, MAX_OTHERS); i > 0; i--) {
            manifest.notes.add(text(in));
        }
        for (int i = count(in, MAX_SOURCES); i > 0; i--) {
            Path path = path(in);
            int repository = in.readInt();
            if (repository < 0 || repository >= repositories.size()) {
                throw new IOException("source manifest: there is no repository " + repository);
            }
            String blob = text(in);
            FileState state = new FileState(in.readInt(), in.readLong(), in.readLong(), in.readLong(), in.readLong());
            manifest.put(path, new SourceManifest.Source(repositories.get(repository), blob, state, text(in), bytes(in)));
        }
        return manifest;
    }

    private static int count(DataInputStream in, int limit) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > limit) {
            throw new IOException("source manifest: a count of " + count + " is out of range");
        }
        return count;
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

    private static Path path(DataInputStream in) throws IOException {
        String text = text(in);
        try {
            return Path.of(text);
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
        if (length < 0 || length > SourceManifest.MAX_DIFFED) {
            throw new IOException("source manifest: a content of " + length + " bytes is out of range");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }
}

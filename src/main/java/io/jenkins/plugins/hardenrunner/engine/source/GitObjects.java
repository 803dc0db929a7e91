package io.jenkins.plugins.hardenrunner.engine.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * Reads small blobs from a repository, loose or packed. The store lies where a build can write, so every length is
 * bounded and a blob whose hash is not its name is no blob: it cannot pass for what was checked out.
 */
final class GitObjects {
    private static final int OFS_DELTA = 6;
    private static final int REF_DELTA = 7;
    private static final int MAX_DELTAS = 60;

    private static final int MAX_ALTERNATES = 16;

    private final GitRepository repository;
    private final int hashLength;
    private final List<Path> stores = new ArrayList<>();

    GitObjects(GitRepository repository) {
        this.repository = repository;
        this.hashLength = repository.algorithm().equals("SHA-256") ? 32 : 20;
        stores.add(repository.commonDirectory().resolve("objects"));
        // Reference repositories, as the git plugin uses them; they may have references themselves.
        for (int i = 0; i < stores.size(); i++) {
            alternates(stores.get(i));
        }
    }

    private void alternates(Path store) {
        Path file = store.resolve("info/alternates");
        try {
            if (Files.isRegularFile(file)) {
                for (String line : GitRepository.text(file).split("\n")) {
                    Path other = line.isBlank() || line.startsWith("#") ? null : store.resolve(line).normalize();
                    if (other != null && stores.size() < MAX_ALTERNATES && !stores.contains(other)) {
                        stores.add(other);
                    }
                }
            }
        } catch (IOException | InvalidPathException e) {
            // Objects that cannot be found cost the diff, not the finding.
            return;
        }
    }

    /** The content of a blob; null if it is not there, larger than the limit, broken or not what its name says. */
    byte[] blob(String id, int limit) {
        byte[] content;
        try {
            content = null;
            for (int i = 0; content == null && i < stores.size(); i++) {
                content = loose(stores.get(i), id, limit);
                if (content == null) {
                    content = packed(stores.get(i), HexFormat.of().parseHex(id), limit);
                }
            }
        } catch (IOException | DataFormatException | RuntimeException e) {
            // A broken or hostile store costs the diff, not the finding.
            return null;
        }
        return content != null && GitHash.blob(content, repository.algorithm()).equals(id) ? content : null;
    }

    private static byte[] loose(Path store, String id, int limit) throws IOException {
        Path file = store.resolve(id.substring(0, 2) + "/" + id.substring(2));
        if (!Files.isRegularFile(file)) {
            return null;
        }
        try (InputStream in = new InflaterInputStream(Files.newInputStream(file))) {
            byte[] all = in.readNBytes(limit + 64);
            int start = 0;
            while (start < all.length && all[start] != 0) {
                start++;
            }
            return all.length == limit + 64 ? null : Arrays.copyOfRange(all, start + 1, all.length);
        }
    }

    private byte[] packed(Path store, byte[] id, int limit) throws IOException, DataFormatException {
        Path directory = store.resolve("pack");
        if (!Files.isDirectory(directory)) {
            return null;
        }
        try (DirectoryStream<Path> indexes = Files.newDirectoryStream(directory, "*.idx")) {
            for (Path index : indexes) {
                long offset = lookUp(index, id);
                if (offset >= 0) {
                    Path pack = Path.of(index.toString().replaceFirst("\\.idx$", ".pack"));
                    try (FileChannel in = FileChannel.open(pack, StandardOpenOption.READ)) {
                        return object(in, offset, limit, 0);
                    }
                }
            }
        }
        return null;
    }

    /** The offset in the pack from an index of version 2; -1 if the object is not in it. */
    private long lookUp(Path index, byte[] id) throws IOException {
        try (FileChannel in = FileChannel.open(index, StandardOpenOption.READ)) {
            ByteBuffer head = read(in, 0, 8 + 1024);
            if (head.getInt() != 0xff744f63 || head.getInt() != 2) {
                return -1;
            }
            int first = id[0] & 0xff;
            long total = head.getInt(8 + 255 * 4) & 0xffffffffL;
            long low = first == 0 ? 0 : head.getInt(8 + (first - 1) * 4) & 0xffffffffL;
            long high = head.getInt(8 + first * 4) & 0xffffffffL;
            long names = 8 + 1024;
            while (low < high) {
                long middle = low + high >>> 1;
                int order = Arrays.compareUnsigned(read(in, names + middle * hashLength, hashLength).array(), id);
                if (order == 0) {
                    long offsets = names + total * hashLength + total * 4;
                    long offset = read(in, offsets + middle * 4, 4).getInt() & 0xffffffffL;
                    return offset < 0x80000000L
                            ? offset
                            : read(in, offsets + total * 4 + (offset & 0x7fffffffL) * 8, 8).getLong();
                }
                if (order < 0) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return -1;
        }
    }

    private byte[] object(FileChannel in, long offset, int limit, int depth) throws IOException, DataFormatException {
        if (depth > MAX_DELTAS) {
            throw new IOException("too many deltas");
        }
        ByteBuffer head = read(in, offset, (int) Math.min(96, in.size() - offset));
        int b = head.get() & 0xff;
        int type = b >> 4 & 7;
        long size = b & 15;
        for (int shift = 4; (b & 0x80) != 0; shift += 7) {
            if (shift > 32) {
                throw new IOException("the size is too large");
            }
            b = head.get() & 0xff;
            size |= (long) (b & 0x7f) << shift;
        }
        if (size > limit) {
            return null;
        }
        byte[] base = null;
        if (type == OFS_DELTA) {
            b = head.get() & 0xff;
            long back = b & 0x7f;
            while ((b & 0x80) != 0) {
                b = head.get() & 0xff;
                back = back + 1 << 7 | b & 0x7f;
            }
            if (back <= 0 || back > offset) {
                throw new IOException("a delta points out of the pack");
            }
            base = object(in, offset - back, limit, depth + 1);
        } else if (type == REF_DELTA) {
            byte[] id = new byte[hashLength];
            head.get(id);
            base = blob(GitHash.hex(id), limit);
        } else if (type != 3) {
            return null;
        }
        byte[] data = inflate(in, offset + head.position(), (int) size);
        if (type == 3) {
            return data;
        }
        return base == null ? null : apply(base, data, limit);
    }

    private static byte[] inflate(FileChannel in, long position, int size) throws IOException, DataFormatException {
        Inflater inflater = new Inflater();
        try {
            byte[] out = new byte[size];
            int done = 0;
            while (done < size) {
                if (inflater.needsInput()) {
                    int chunk = (int) Math.min(16 * 1024, in.size() - position);
                    if (chunk <= 0) {
                        throw new IOException("the pack ends in an object");
                    }
                    inflater.setInput(read(in, position, chunk).array());
                    position += chunk;
                }
                int got = inflater.inflate(out, done, size - done);
                if (got == 0 && (inflater.finished() || inflater.needsDictionary())) {
                    throw new IOException("an object is shorter than its size");
                }
                done += got;
            }
            return out;
        } finally {
            inflater.end();
        }
    }

    private static byte[] apply(byte[] base, byte[] delta, int limit) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(delta);
        long baseSize = varint(in);
        long size = varint(in);
        if (baseSize != base.length || size > limit) {
            throw new IOException("a delta does not fit its base");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream((int) size);
        while (in.hasRemaining()) {
            int code = in.get() & 0xff;
            if ((code & 0x80) == 0) {
                byte[] literal = new byte[code];
                in.get(literal);
                out.write(literal, 0, code);
                continue;
            }
            long from = 0;
            int length = 0;
            for (int i = 0; i < 4; i++) {
                from |= (code & 1 << i) != 0 ? (in.get() & 0xffL) << 8 * i : 0;
            }
            for (int i = 0; i < 3; i++) {
                length |= (code & 0x10 << i) != 0 ? (in.get() & 0xff) << 8 * i : 0;
            }
            length = length == 0 ? 0x10000 : length;
            if (from + length > base.length || out.size() + length > size) {
                throw new IOException("a delta copies more than there is");
            }
            out.write(base, (int) from, length);
        }
        return out.toByteArray();
    }

    private static long varint(ByteBuffer in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int b = in.get() & 0xff;
            value |= (long) (b & 0x7f) << shift;
            if ((b & 0x80) == 0) {
                return value;
            }
        }
        throw new IOException("a number is too long");
    }

    private static ByteBuffer read(FileChannel in, long position, int length) throws IOException {
        if (length <= 0 || position < 0 || position > in.size() - length) {
            throw new IOException("the file is too short");
        }
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining() && in.read(buffer, position + buffer.position()) > 0) {
            // until full
        }
        return buffer.flip();
    }
}

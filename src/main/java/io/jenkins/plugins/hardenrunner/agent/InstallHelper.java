package io.jenkins.plugins.hardenrunner.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.engine.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/** Keeps the helper in place on an agent: {@code <folder>/<first 16 digits of the digest>/harden-helper}, mode 0555. */
final class InstallHelper {
    private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("r-xr-xr-x");
    private static final long MAX_SIZE = 16L << 20;

    private InstallHelper() {}

    @NonNull
    static Path path(@NonNull Path folder, @NonNull String sha256) {
        return folder.resolve(sha256.substring(0, 16)).resolve("harden-helper");
    }

    /**
     * Whether the helper is there, ours, unchanged and executable. Asked before every launch: the build runs as the
     * same user and may have replaced it since the last one.
     */
    static boolean isIntact(@NonNull Path helper, @NonNull String sha256) throws IOException {
        if (!Files.isRegularFile(helper, LinkOption.NOFOLLOW_LINKS)
                || !Files.getPosixFilePermissions(helper, LinkOption.NOFOLLOW_LINKS).equals(MODE)
                || Files.size(helper) > MAX_SIZE) {
            return false;
        }
        OwnFiles.requireOwn(helper);
        try (FileChannel in = FileChannel.open(helper, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            ByteBuffer content = ByteBuffer.allocate((int) in.size());
            while (content.hasRemaining() && in.read(content) >= 0) {
                // until all of it is read
            }
            return !content.hasRemaining() && Sha256.hex(content.array()).equals(sha256);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /**
     * Installs the helper unless it is intact already.
     *
     * @param mode of the folders, as {@link OwnFiles} has them
     * @param bytes the helper, or null if the caller hopes that it is there
     * @return its path; null if it has to be installed and {@code bytes} is null
     */
    @CheckForNull
    static Path install(
            @NonNull Path folder, @NonNull String mode, @NonNull String sha256, @CheckForNull byte[] bytes)
            throws IOException {
        Path helper = path(folder, sha256);
        OwnFiles.folder(folder, mode);
        OwnFiles.folder(helper.getParent(), mode);
        if (isIntact(helper, sha256)) {
            return helper;
        }
        if (bytes == null) {
            return null;
        }
        if (!Sha256.hex(bytes).equals(sha256)) {
            throw new IOException("the helper was damaged on its way to the agent");
        }
        // Never written in place: a running supervisor keeps its old file, and nobody sees half of a new one.
        Path temporary = helper.resolveSibling("new-" + UUID.randomUUID());
        try {
            try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer content = ByteBuffer.wrap(bytes);
                while (content.hasRemaining()) {
                    out.write(content);
                }
                out.force(true);
            }
            Files.setPosixFilePermissions(temporary, MODE);
            if (Files.isDirectory(helper, LinkOption.NOFOLLOW_LINKS)) {
                OwnFiles.delete(helper);
            }
            Files.move(temporary, helper, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
        if (!isIntact(helper, sha256)) {
            throw new IOException(helper + " was changed while it was being installed");
        }
        return helper;
    }
}

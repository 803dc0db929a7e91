package io.jenkins.plugins.hardenrunner.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files and folders of ours in places where the build, which has the same user, can write as well. Whatever is there
 * may have been put there by an earlier build, so nothing is followed, reused or written to before it was looked at.
 */
final class OwnFiles {
    private OwnFiles() {}

    /** For this user only. */
    static final String PRIVATE = "rwx------";
    /** Others may pass, as the user of a container has to. */
    static final String PASSABLE = "rwxr-xr-x";
    /** Others may leave files there and not see what is there already. */
    static final String DROP = "rwx-wx-wx";

    /** Makes a folder of that mode unless it is there; refuses what is not a folder of this user. */
    static void folder(@NonNull Path folder, @NonNull String mode) throws IOException {
        Set<PosixFilePermission> permissions = PosixFilePermissions.fromString(mode);
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PRIVATE)));
        } catch (FileAlreadyExistsException e) {
            // A symbolic link would lead the helper, or our writes, to a place of somebody else's choice.
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(folder + " is not a folder (a link or a file of somebody else?); remove it");
            }
            requireOwn(folder);
        }
        // Not when it is made: the umask would apply.
        if (!Files.getPosixFilePermissions(folder, LinkOption.NOFOLLOW_LINKS).equals(permissions)) {
            Files.setPosixFilePermissions(folder, permissions);
        }
    }

    /** Refuses a file that another user owns: its owner could change it at any time. */
    static void requireOwn(@NonNull Path path) throws IOException {
        Object owner = Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        Object self = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        if (!owner.equals(self)) {
            throw new IOException(path + " belongs to user " + owner + ", the agent runs as " + self + "; remove it");
        }
    }

    /** Removes a file or a folder with all its content, following no link; what is gone already does not matter. */
    static void delete(@NonNull Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            try (var children = Files.newDirectoryStream(path)) {
                for (Path child : children) {
                    delete(child);
                }
            }
        }
        Files.deleteIfExists(path);
    }
}

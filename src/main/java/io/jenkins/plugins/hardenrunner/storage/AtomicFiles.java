package io.jenkins.plugins.hardenrunner.storage;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are replaced as a whole: a reader, or Jenkins after a crash, finds the old content or the new. */
public final class AtomicFiles {
    private AtomicFiles() {}

    /** What goes into a file. */
    public interface Content {
        void writeTo(@NonNull OutputStream out) throws IOException;
    }

    /** Replaces a file; its folder is made if it is not there. Two writers of one file need a lock of their own. */
    public static void write(@NonNull Path file, @NonNull Content content) throws IOException {
        Files.createDirectories(file.getParent());
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                unfinished, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
            content.writeTo(out);
            out.flush();
            // Without this a crash of the machine can leave the new name on an empty file.
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}

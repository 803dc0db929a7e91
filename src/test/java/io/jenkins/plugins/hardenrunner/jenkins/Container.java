package io.jenkins.plugins.hardenrunner.jenkins;

import hudson.FilePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A stand-in for Docker: a client, a daemon whose child each command is, and an image that has nothing but a static
 * busybox (musl or glibc, nobody can tell), with a read-only root. Needs busybox, and the right to make mounts.
 */
final class Container implements AutoCloseable {
    private final Path folder;
    private final Process daemon;

    /** @param user as {@code chroot --userspec} has it */
    Container(Path folder, FilePath workspace, String user) throws Exception {
        this.folder = Files.createDirectories(folder);
        Path shared = Path.of(workspace.getRemote());
        Path temporary = Path.of(workspace.getRemote() + "@tmp");
        Files.createDirectories(shared);
        Files.createDirectories(temporary);
        for (String name : List.of("docker", "daemon")) {
            try (InputStream script = Container.class.getResourceAsStream("container/" + name)) {
                Files.copy(script, folder.resolve(name));
            }
            Files.setPosixFilePermissions(folder.resolve(name), PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.writeString(folder.resolve("mounts"), temporary + "\n" + shared + "\n");
        Files.writeString(folder.resolve("workdir"), shared.toString());
        Files.writeString(folder.resolve("user"), "--userspec=" + user);
        Path root = folder.resolve("root");
        for (String name : List.of("bin", "proc", "dev", "etc", temporary.toString().substring(1), shared.toString().substring(1))) {
            Files.createDirectories(root.resolve(name));
        }
        Files.writeString(root.resolve("etc/image"), "stand-in");
        Files.copy(busybox(), root.resolve("bin/busybox"));
        run(root.resolve("bin/busybox").toString(), "--install", root.resolve("bin").toString());
        // The one command that durable-task needs and some builds of busybox lack.
        Files.writeString(root.resolve("bin/nohup"), "#!/bin/sh\ntrap '' HUP\nexec \"$@\"\n");
        Files.setPosixFilePermissions(root.resolve("bin/nohup"), PosixFilePermissions.fromString("rwxr-xr-x"));
        run("mkfifo", folder.resolve("requests").toString());
        daemon = new ProcessBuilder(folder.resolve("daemon").toString(), folder.toString()).inheritIO().start();
    }

    static boolean isPossible() throws Exception {
        return busybox() != null
                && new ProcessBuilder("sh", "-c", "[ $(id -u) = 0 ] && unshare -m true").start().waitFor() == 0;
    }

    /** A static one: the image has no libraries. */
    private static Path busybox() throws Exception {
        for (String place : List.of("/bin/busybox", "/usr/bin/busybox")) {
            if (Files.isExecutable(Path.of(place))
                    && new ProcessBuilder("sh", "-c", "! ldd " + place + " 2>&1 | grep -q '=>'").start().waitFor() == 0) {
                return Path.of(place);
            }
        }
        return null;
    }

    private static void run(String... command) throws Exception {
        if (new ProcessBuilder(command).start().waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
    }

    String docker() {
        return folder.resolve("docker").toString();
    }

    /** What the client was called with. */
    List<String> calls() throws IOException {
        return Files.readAllLines(folder.resolve("calls"));
    }

    @Override
    public void close() {
        daemon.destroy();
    }
}

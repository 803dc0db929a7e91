package io.jenkins.plugins.hardenrunner.engine.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the parts of a work tree's repository are.
 *
 * @param workTree absolute
 * @param gitDirectory the work tree's own: index, HEAD
 * @param commonDirectory shared by all work trees: objects, config
 * @param algorithm {@code SHA-1} or {@code SHA-256}
 * @param filtered whether contents on disk may differ from their blobs by configuration (line endings)
 */
record GitRepository(Path workTree, Path gitDirectory, Path commonDirectory, String algorithm, boolean filtered) {
    private static final long MAX_TEXT = 1 << 20;
    private static final Pattern OBJECT_FORMAT = Pattern.compile("(?im)^\\s*objectformat\\s*=\\s*\"?(\\w+)");
    private static final Pattern CONVERSION = Pattern.compile("(?im)^\\s*(autocrlf\\s*(=\\s*\"?(true|input|yes|on|1)|$)|eol\\s*=)");

    /**
     * The repository of a work tree; null if the folder is none.
     *
     * @throws IOException if there is a {@code .git} that cannot be understood
     */
    static GitRepository of(Path workTree) throws IOException {
        Path dot = workTree.resolve(".git");
        Path directory = dot;
        if (Files.isRegularFile(dot)) {
            // Linked work trees and submodules have a file that names the directory.
            String content = text(dot).strip();
            if (!content.startsWith("gitdir: ")) {
                throw new IOException(dot + " does not begin with 'gitdir: '");
            }
            directory = resolve(workTree, content.substring(8));
        }
        if (!Files.isDirectory(directory)) {
            return null;
        }
        Path commonFile = directory.resolve("commondir");
        Path common = Files.isRegularFile(commonFile) ? resolve(directory, text(commonFile).strip()) : directory;
        Path configFile = common.resolve("config");
        String config = Files.isRegularFile(configFile) ? text(configFile) : "";
        Matcher format = OBJECT_FORMAT.matcher(config);
        String algorithm = "SHA-1";
        if (format.find()) {
            algorithm = switch (format.group(1)) {
                case "sha1" -> "SHA-1";
                case "sha256" -> "SHA-256";
                default -> throw new IOException(configFile + ": unknown object format '" + format.group(1) + "'");
            };
        }
        return new GitRepository(workTree, directory, common, algorithm, CONVERSION.matcher(config).find() || convertedByUser());
    }

    /** The same settings for all repositories of the user or the machine. */
    private static boolean convertedByUser() throws IOException {
        Path home = Path.of(System.getProperty("user.home"));
        for (Path file : new Path[] {home.resolve(".gitconfig"), home.resolve(".config/git/config"), Path.of("/etc/gitconfig")}) {
            if (Files.isReadable(file) && Files.isRegularFile(file) && CONVERSION.matcher(text(file)).find()) {
                return true;
            }
        }
        return false;
    }

    Path index() {
        return gitDirectory.resolve("index");
    }

    private static Path resolve(Path base, String path) throws IOException {
        try {
            return base.resolve(path).normalize();
        } catch (InvalidPathException e) {
            throw new IOException("'" + path + "' is not a path", e);
        }
    }

    static String text(Path file) throws IOException {
        if (Files.size(file) > MAX_TEXT) {
            throw new IOException(file + " is larger than expected");
        }
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}

package io.jenkins.plugins.hardenrunner.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Finds the supervisor's binary. */
final class Helper {
    private Helper() {}

    /**
     * The binary: what {@code HARDEN_HELPER} names, else the one of this source tree, else the one in this jar, which
     * is unpacked into the private folder.
     *
     * @throws CliException with status 125 if there is none
     */
    static Path locate(Path privateFolder) throws IOException {
        String named = System.getenv("HARDEN_HELPER");
        if (named != null && !named.isEmpty()) {
            Path helper = Path.of(named);
            if (!Files.isExecutable(helper) || Files.isDirectory(helper)) {
                throw new CliException(ExitCode.NOT_STARTED, "HARDEN_HELPER names " + named + ", which is no executable file");
            }
            return helper.toAbsolutePath();
        }
        boolean arm = System.getProperty("os.arch").equals("aarch64");
        String home = System.getProperty("harden.home");
        if (home != null) {
            Path built = Path.of(home, "native-helper/build", arm ? "aarch64/harden-helper" : "harden-helper");
            if (Files.isExecutable(built)) {
                return built;
            }
        }
        String resource = "/native/linux-" + (arm ? "aarch64" : "x86_64") + "/harden-helper";
        try (InputStream in = Helper.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new CliException(ExitCode.NOT_STARTED, "the supervisor is not built: run 'make native', or name it in HARDEN_HELPER");
            }
            Path unpacked = privateFolder.resolve("harden-helper");
            Files.copy(in, unpacked);
            Files.setPosixFilePermissions(unpacked, PosixFilePermissions.fromString("r-x------"));
            return unpacked;
        }
    }
}

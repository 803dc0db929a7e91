package io.jenkins.plugins.hardenrunner.engine.source;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How much a capture may look at, and what it can build on.
 *
 * @param previous an earlier manifest of the same workspace, whose digests are kept for files that were not written to
 *     since; null for none
 * @param home the folder of the user, whose settings for build tools are captured; null for none
 * @param maxBytes how much is read in folders without git
 * @param maxFiles how many files are captured in folders without git
 * @param maxTime how long contents in folders without git are read
 */
public record CaptureOptions(SourceManifest previous, Path home, long maxBytes, int maxFiles, Duration maxTime) {
    /** Without an earlier manifest and without a home. */
    public static final CaptureOptions DEFAULTS = new CaptureOptions(null, null, 256L << 20, 100_000, Duration.ofSeconds(3));

    /** The same with an earlier manifest; null for none. */
    public CaptureOptions previous(SourceManifest manifest) {
        return new CaptureOptions(manifest, home, maxBytes, maxFiles, maxTime);
    }

    /** The same with the folder of the user. */
    public CaptureOptions home(Path folder) {
        return new CaptureOptions(previous, folder, maxBytes, maxFiles, maxTime);
    }
}

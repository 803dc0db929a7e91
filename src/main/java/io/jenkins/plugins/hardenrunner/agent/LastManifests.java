package io.jenkins.plugins.hardenrunner.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.engine.source.SourceManifest;
import java.lang.ref.SoftReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The newest manifest of each workspace, so that the next block need not read again what nobody wrote to. It is in the
 * memory of the agent, where a supervised build cannot reach it, and given up when memory is short.
 */
final class LastManifests {
    private static final Map<String, SoftReference<Last>> LAST = new ConcurrentHashMap<>();

    private LastManifests() {}

    /**
     * @param id by which the controller knows it: the SHA-256 of its bytes
     * @param globs further files that were of interest
     */
    record Last(SourceManifest manifest, String id, List<String> globs) {}

    @CheckForNull
    static Last of(@NonNull Path workspace) {
        SoftReference<Last> last = LAST.get(workspace.toString());
        return last == null ? null : last.get();
    }

    static void put(@NonNull Path workspace, @NonNull Last last) {
        LAST.put(workspace.toString(), new SoftReference<>(last));
    }
}

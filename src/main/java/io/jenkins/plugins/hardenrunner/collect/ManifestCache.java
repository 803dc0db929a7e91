package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.agent.CaptureSources;
import java.lang.ref.SoftReference;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The newest manifest of some workspaces, so that an agent need not send again what the next block of a build finds
 * unchanged: of 100,000 files that is several megabytes. It lives in the controller's memory and is given up when that
 * is short.
 */
final class ManifestCache {
    static final ManifestCache INSTANCE = new ManifestCache();

    private static final int MAX_WORKSPACES = 32;

    private final Map<String, SoftReference<CaptureSources.Result>> results =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, SoftReference<CaptureSources.Result>> eldest) {
                    return size() > MAX_WORKSPACES;
                }
            };

    private ManifestCache() {}

    @CheckForNull
    synchronized CaptureSources.Result get(@NonNull String workspace) {
        SoftReference<CaptureSources.Result> result = results.get(workspace);
        return result == null ? null : result.get();
    }

    synchronized void put(@NonNull String workspace, @NonNull CaptureSources.Result result) {
        results.put(workspace, new SoftReference<>(result));
    }
}

package io.jenkins.plugins.hardenrunner.config;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.ProxyConfiguration;
import io.jenkins.plugins.hardenrunner.engine.Sha256;
import io.jenkins.plugins.hardenrunner.engine.policy.BlockedEndpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.EndpointLines;
import io.jenkins.plugins.hardenrunner.engine.policy.Origin;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyLayer;
import io.jenkins.plugins.hardenrunner.storage.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What was last loaded of a block-list feed. The last good text is kept in a file, and holds after a restart too. */
final class FeedState {
    private static final int MOST_BYTES = 16 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path file;
    private final Origin origin;
    private List<BlockedEndpoint> entries;
    private Instant loaded;
    private long tried;
    private String failure;

    private FeedState(Path file, Origin origin) {
        this.file = file;
        this.origin = origin;
    }

    /** What the last run of Jenkins left of a feed, if it still is what the feed asks for. */
    @NonNull
    static FeedState stored(@NonNull Path folder, @NonNull BlockListFeed feed) {
        // The location is in the name: a feed that was pointed elsewhere must not go on with the old content.
        String id = feed.getName() + "-" + Sha256.hex(feed.getLocation()).substring(0, 16);
        FeedState state = new FeedState(folder.resolve(id + ".txt"), new Origin(Origin.Kind.FEED, feed.getName()));
        state.restore(feed);
        return state;
    }

    private synchronized void restore(BlockListFeed feed) {
        try {
            if (Files.isRegularFile(file)) {
                byte[] bytes = Files.readAllBytes(file);
                entries = parsed(bytes, feed);
                loaded = Files.getLastModifiedTime(file).toInstant();
            }
        } catch (IOException | PolicyException e) {
            failure = "what was stored of it cannot be used: " + e.getMessage();
        }
    }

    synchronized boolean isDue(@NonNull BlockListFeed feed, long now) {
        return now - tried >= Duration.ofMinutes(feed.getMinutes()).toMillis();
    }

    synchronized void forgetTime() {
        tried = 0;
    }

    /** Loads the feed; what was loaded before stays if that fails. Returns what went wrong, or null. */
    @CheckForNull
    String load(@NonNull BlockListFeed feed) throws InterruptedException {
        List<BlockedEndpoint> fresh = null;
        String wrong = null;
        try {
            byte[] bytes = fetch(feed.getLocation());
            fresh = parsed(bytes, feed);
            // The timer and the button may load the same feed at the same time.
            synchronized (FeedState.class) {
                AtomicFiles.write(file, out -> out.write(bytes));
            }
        } catch (IOException | IllegalArgumentException e) {
            wrong = e.getMessage() == null ? "no connection (" + e.getClass().getSimpleName() + ")" : e.getMessage();
        }
        synchronized (this) {
            tried = System.currentTimeMillis();
            failure = wrong;
            if (wrong == null) {
                entries = fresh;
                loaded = Instant.now();
            }
            return wrong;
        }
    }

    private static List<BlockedEndpoint> parsed(byte[] bytes, BlockListFeed feed) throws CharacterCodingException {
        String digest = Sha256.hex(bytes);
        String expected = feed.getSha256();
        if (expected != null && !expected.equals(digest)) {
            throw new PolicyException("its content has the SHA-256 digest " + digest + ", not the one that is configured");
        }
        return EndpointLines.blocked(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    }

    private static byte[] fetch(String location) throws IOException, InterruptedException {
        if (location.startsWith("/")) {
            try (InputStream in = Files.newInputStream(Path.of(location))) {
                return limited(in);
            }
        }
        HttpClient client = ProxyConfiguration.newHttpClientBuilder()
                .connectTimeout(PATIENCE).followRedirects(HttpClient.Redirect.NORMAL).build();
        HttpRequest request = ProxyConfiguration.newHttpRequestBuilder(URI.create(location)).timeout(PATIENCE).GET().build();
        HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream in = response.body()) {
            if (response.statusCode() != 200) {
                throw new IOException("the server answered with status " + response.statusCode());
            }
            return limited(in);
        }
    }

    private static byte[] limited(InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw new IOException("it has more than " + (MOST_BYTES >> 20) + " MiB");
        }
        return bytes;
    }

    @NonNull
    synchronized PolicyLayer layer() {
        PolicyLayer.Builder layer = PolicyLayer.builder(origin);
        return entries == null ? layer.build() : layer.block(entries).build();
    }

    synchronized int size() {
        return entries == null ? 0 : entries.size();
    }

    @NonNull
    synchronized String loadedAt() {
        return loaded == null ? "" : loaded.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Why the feed is not as it should be; null if it is. */
    @CheckForNull
    synchronized String problem() {
        if (entries == null) {
            return "nothing was loaded yet, so it blocks nothing" + (failure == null ? "" : ": " + failure);
        }
        return failure == null ? null : "the last try failed, the entries of " + loadedAt() + " hold on: " + failure;
    }
}

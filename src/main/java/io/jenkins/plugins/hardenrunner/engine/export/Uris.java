package io.jenkins.plugins.hardenrunner.engine.export;

import java.net.URI;
import java.net.URISyntaxException;

/** File names as URIs: names hold any character, a URI does not. */
final class Uris {
    private Uris() {}

    /** @param scheme null for a relative reference */
    static String of(String scheme, String path) {
        try {
            // An empty authority, or a colon in the first segment, would be read as something else.
            String safe = scheme == null && path.split("/", 2)[0].contains(":") ? "./" + path
                    : scheme != null && !path.startsWith("/") ? "/" + path : path;
            return new URI(scheme, scheme == null ? null : "", safe, null).toASCIIString();
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("no path: " + path, e);
        }
    }
}

package io.jenkins.plugins.hardenrunner.cli;

import io.jenkins.plugins.hardenrunner.engine.audit.Verification;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/** A sealed folder behind a URL, as a build page of Jenkins offers it. Nothing is asked for but what the seal names. */
final class RemoteFolder implements Verification.Store {
    /** {@code user:token} for servers that ask who it is; not an option, since other users see options. */
    private static final String AUTHORIZATION = "HARDEN_RUNNER_AUTH";

    private final URI base;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(20))
            // An authorization must not follow to another place.
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    RemoteFolder(String url) {
        try {
            base = URI.create(url.endsWith("/") ? url : url + "/");
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCode.TROUBLE, "not a URL: " + e.getMessage());
        }
    }

    static boolean isUrl(String location) {
        return location.startsWith("https://") || location.startsWith("http://");
    }

    @Override
    public InputStream open(String name) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(name)).timeout(Duration.ofSeconds(60));
        String authorization = System.getenv(AUTHORIZATION);
        if (authorization != null && !authorization.isEmpty()) {
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(authorization.getBytes(StandardCharsets.UTF_8)));
        }
        HttpResponse<InputStream> response;
        try {
            response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (response.statusCode() == 200) {
            return response.body();
        }
        response.body().close();
        if (response.statusCode() == 404) {
            throw new FileNotFoundException(name);
        }
        boolean denied = response.statusCode() == 401 || response.statusCode() == 403 || response.statusCode() / 100 == 3;
        throw new IOException(base.resolve(name) + " answered with status " + response.statusCode()
                + (denied ? "; set " + AUTHORIZATION + "=user:token if it needs a login" : ""));
    }
}

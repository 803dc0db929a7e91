package hudson;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;

public final class ProxyConfiguration {
    private ProxyConfiguration() {}

    public static HttpClient.Builder newHttpClientBuilder() {
        throw new AssertionError();
    }

    public static HttpRequest.Builder newHttpRequestBuilder(URI a) {
        throw new AssertionError();
    }
}

package io.jenkins.plugins.hardenrunner.engine.policy;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExfilCapableTest {
    @ParameterizedTest
    @CsvSource({"github.com,code-hosting", "bucket.s3.amazonaws.com,object-storage", "pastebin.com,paste-site", "x.ngrok.io,tunnel",
        "api.telegram.org,messaging", "someone.workers.dev,cloud-hosting", "upload.pypi.org,package-publishing", "dns.google,public-resolver"})
    void knowsTheirCategory(String host, String category) {
        assertThat(ExfilCapable.of(Endpoint.parse(host)).category(), is(category));
    }

    @Test
    void doesNotMarkWhatOnlyLooksSimilar() {
        for (String host : List.of("evilgithub.com", "github.com.example.org", "pypi.org", "files.pythonhosted.org", "192.0.2.1", "amazonaws.com.test")) {
            assertThat(host, ExfilCapable.of(Endpoint.parse(host)), nullValue());
        }
    }

    @Test
    void marksAPatternAllOfWhoseNamesAreMarked() {
        assertThat(ExfilCapable.of(Endpoint.parse("*.eu-west-1.amazonaws.com")), notNullValue());
    }

    /** A list that is easy to review: each entry once, in lower case, names before patterns, in order. */
    @Test
    void theListIsInOrder() throws IOException {
        JsonNode categories = new ObjectMapper().readTree(ExfilCapable.class.getResourceAsStream("exfil-capable.json")).path("categories");
        Set<String> all = new HashSet<>();
        for (JsonNode category : categories) {
            assertThat(category.path("risk").asText().isEmpty(), is(false));
            List<String> hosts = new ArrayList<>();
            for (JsonNode host : category.path("hosts")) {
                hosts.add(host.textValue());
                assertThat(host.textValue(), all.add(host.textValue()), is(true));
                String bare = host.textValue().replaceFirst("^\\*\\.", "");
                assertThat(bare, is(Endpoint.parse(bare).value()));
            }
            List<String> sorted = new ArrayList<>(hosts);
            sorted.sort((a, b) -> a.startsWith("*") == b.startsWith("*") ? a.compareTo(b) : a.startsWith("*") ? 1 : -1);
            assertThat(hosts, is(sorted));
        }
    }
}

package io.jenkins.plugins.hardenrunner.engine.policy;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PresetsTest {
    @Test
    void theUsualSourcesAreThereWithDescriptionsAndOverTlsOrSsh() {
        List<String> names = Presets.builtIn().policies().stream().map(NamedPolicy::name).toList();
        assertThat(names, hasItems("pypi", "go", "crates", "rubygems", "gradle", "docker-hub", "github", "gitlab"));
        assertThat(names, is(List.copyOf(new TreeSet<>(names))));
        for (NamedPolicy preset : Presets.builtIn().policies()) {
            assertThat(preset.name(), preset.description(), not(is("")));
            assertThat(preset.name(), preset.content().allowed().stream().map(e -> e.ports().toString()).distinct().toList(),
                    everyItem(org.hamcrest.Matchers.in(List.of("443", "22,443"))));
            assertThat("a preset sets no mode", preset.content().egressPolicy() == null && preset.content().loopback() == null, is(true));
        }
    }

    @Test
    void theExampleOfRegistriesIsAPolicyThatResolves() throws IOException {
        Path file = Path.of(System.getProperty("harden.repository", "."), "examples/policies/registries.yaml");
        PolicyScope scope = Scopes.yaml("registries.yaml", Files.readString(file));
        PolicyStack stack = new PolicyStack(List.of(scope));
        stack.check();
        assertThat(EffectivePolicy.resolve(stack.layers(List.of(), "javascript")).decide(Target.parse("api.github.com")).allowed(), is(true));
        for (String name : List.of("npm", "maven-central", "debian")) {
            assertThat(name, scope.policy(name).content().allowed().stream().map(Endpoint::value).toList(),
                    everyItem(org.hamcrest.Matchers.endsWith(".example.com")));
        }
    }

    @Test
    void theDataFileIsOrdinaryJson() throws IOException {
        assertThat(new ObjectMapper().readTree(Presets.class.getResourceAsStream("presets.json")).path("version").intValue(), is(1));
    }
}

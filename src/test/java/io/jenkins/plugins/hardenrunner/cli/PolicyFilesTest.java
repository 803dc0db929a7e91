package io.jenkins.plugins.hardenrunner.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.jenkins.plugins.hardenrunner.engine.Schemas;
import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.EgressPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.FilePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.LaunchOptions;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyFile;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyLayer;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyScope;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyFilesTest {
    private static final String FULL = """
            version: 1
            egressPolicy: block
            filePolicy: off
            credentialPolicy: audit
            loopback: own
            metadata: deny
            onViolation: warn
            onDeviation: ignore
            onUnsupported: fail
            allowedEndpoints:
              - packages.example.com:443
              - "*.cdn.example.com:80,443"
            blockedEndpoints:
              - evil.example
              - endpoint: "[2001:db8::/32]:*"
                reason: "not \\"ours\\""
            dnsUpstreams: ["192.0.2.53:5353"]
            protectedPaths: ["Jenkinsfile", "ci/**"]
            credentialPaths: ["~/.vault-token"]
            allowedSockets: ["/run/cache.sock"]
            keptCapabilities: ["CAP_SYS_ADMIN"]
            extends: [org]
            policy: team
            ceiling: ["*.example.com:443"]
            floor: {egressPolicy: block}
            policies:
              org:
                description: for everyone
                blockedEndpoints: [tracker.example]
              team:
                extends: [org, pypi]
            """;

    @TempDir
    Path folder;

    private Path write(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    @Test
    void readsEachField() throws IOException {
        PolicyLayer layer = PolicyFiles.read(write("p.yaml", FULL)).settings();
        assertThat(layer.origin().label(), is("policy file p.yaml"));
        assertThat(layer.egressPolicy(), is(EgressPolicy.BLOCK));
        assertThat(layer.filePolicy(), is(FilePolicy.OFF));
        assertThat(layer.metadataAllowed(), is(false));
        assertThat(layer.allowed().toString(), is("[packages.example.com:443, *.cdn.example.com:80,443]"));
        assertThat(layer.blocked().get(1).reason(), is("not \"ours\""));
        assertThat(layer.dnsUpstreams().toString(), is("[192.0.2.53:5353]"));
        assertThat(layer.protectedGlobs(), is(List.of("Jenkinsfile", "ci/**")));
    }

    @Test
    void whatItPrintsItReadsBackWithTheSameMeaning() throws IOException {
        EffectivePolicy policy = EffectivePolicy.resolve(List.of(PolicyFiles.read(write("p.yaml", FULL)).settings()));
        EffectivePolicy again = EffectivePolicy.resolve(List.of(PolicyFiles.read(write("q.yaml", PolicyText.yaml(policy))).settings()));
        assertThat(PolicyFile.render(again, LaunchOptions.NONE), is(PolicyFile.render(policy, LaunchOptions.NONE)));
        assertThat(again.protectedGlobs(), is(policy.protectedGlobs()));
        assertThat(again.rule("b2").reason(), is(policy.rule("b2").reason()));
    }

    @Test
    void readsDefinitionsFloorAndCeiling() throws IOException {
        PolicyScope scope = PolicyFiles.read(write("p.yaml", FULL));
        assertThat(scope.parents(), is(List.of("org")));
        assertThat(scope.defaultPolicy(), is("team"));
        assertThat(scope.settings().ceiling().toString(), is("[*.example.com:443]"));
        assertThat(scope.floor().egressPolicy(), is(EgressPolicy.BLOCK));
        assertThat(scope.policy("team").parents(), is(List.of("org", "pypi")));
        assertThat(scope.policy("org").content().origin().label(), is("policy file p.yaml, policy 'org'"));
    }

    @Test
    void aListOfTheGitHubActionCanBePasted() throws IOException {
        PolicyLayer layer = PolicyFiles.read(write("p.yaml", "version: 1\nallowedEndpoints: >\n  a.example:443\n  *.b.example:443\n  c.example:80\n")).settings();
        assertThat(layer.allowed().size(), is(3));
    }

    @Test
    void jsonWorksToo() throws IOException {
        assertThat(PolicyFiles.read(write("p.json", "{\"version\": 1, \"egressPolicy\": \"audit\"}")).settings().egressPolicy(), is(EgressPolicy.AUDIT));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            "" | p.yaml: a policy is an object
            "[]" | p.yaml, line 1: a policy is an object
            "egressPolicy: block" | the field 'version: 1' is missing
            "version: 2" | line 1: version: version 2 is not known
            "version: '1'" | version 1 is not known
            "version: 1\\negressPolicy: blok" | line 2: egressPolicy: 'blok' is not a known egress policy, allowed are audit, block; did you mean 'block'?
            "version: 1\\negressPolicy: [block]" | line 2: egressPolicy: 'egressPolicy' must be a word
            "version: 1\\nallowedEndpoint: [a.example]" | line 2: allowedEndpoint: unknown field 'allowedEndpoint'; did you mean 'allowedEndpoints'?
            "version: 1\\nallowedEndpoints:\\n - a.example\\n - 'b.example:0'" | line 4: allowedEndpoints[1]: endpoint 'b.example:0', character 11
            "version: 1\\nallowedEndpoints: [1]" | an entry is an endpoint
            "version: 1\\npolicies: {x: {egress: block}}" | line 2: policies.x.egress: unknown field 'egress'
            "version: 1\\npolicies: {'a b': {}}" | line 2: policies.a b: 'a b' is not a policy's name
            "version: 1\\npolicies: {x: {allowedEndpoints: ['*.com']}}" | line 2: policies.x.allowedEndpoints[0]: endpoint '*.com'
            "version: 1\\nfloor: {allowedEndpoints: [a.example]}" | line 2: floor.allowedEndpoints: unknown field
            "version: 1\\nceiling: ['*.co.uk']" | line 2: ceiling[0]: endpoint '*.co.uk'
            "version: 1\\ncredentialPaths: [secrets]" | line 2: credentialPaths[0]: 'secrets' is neither an absolute path
            "version: 1\\nkeptCapabilities: [SYS_ADMIN]" | line 2: keptCapabilities[0]: 'SYS_ADMIN' is not the name of a Linux capability
            "version: 1\\nallowedSockets: [/run/../x]" | line 2: allowedSockets[0]: '/run/../x' is not an absolute path
            "version: 1\\nblockedEndpoints:\\n - {endpoint: a.example, why: x}" | line 3: blockedEndpoints[0]: an entry is
            "version: 1\\ndnsUpstreams: [dns.example]" | name server 'dns.example'
            "version: 1\\nversion: 1" | not valid YAML
            "version: 1\\n\\tx: 1" | not valid YAML
            "{" | not valid YAML
            "version: 1\\n---\\nversion: 1" | not valid YAML
            "version: 1\\nmetadata: maybe" | 'maybe' is not a known metadata policy, allowed are allow, deny
            """)
    void refusesWithFilePlaceAndRemedy(String escaped, String message) throws IOException {
        Path file = write("p.yaml", escaped.replace("\\n", "\n").replace("\\t", "\t"));
        PolicyException e = assertThrows(PolicyException.class, () -> PolicyFiles.read(file));
        assertThat(e.getMessage(), startsWith("p.yaml"));
        assertThat(e.getMessage(), containsString(message));
        assertThat(e.getMessage().lines().count(), is(1L));
    }

    @Test
    void filesThatCannotBeReadAreNamed() throws IOException {
        assertThat(assertThrows(PolicyException.class, () -> PolicyFiles.read(folder.resolve("none"))).getMessage(), containsString("does not exist"));
        assertThat(assertThrows(PolicyException.class, () -> PolicyFiles.read(folder)).getMessage(), containsString("is a folder"));
        Path binary = Files.write(folder.resolve("b.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThat(assertThrows(PolicyException.class, () -> PolicyFiles.read(binary)).getMessage(), containsString("not UTF-8"));
        Path huge = Files.write(folder.resolve("h.yaml"), new byte[5 << 20]);
        assertThat(assertThrows(PolicyException.class, () -> PolicyFiles.read(huge)).getMessage(), containsString("larger than"));
    }

    @Test
    void aYamlBombIsRefusedQuickly() throws IOException {
        StringBuilder bomb = new StringBuilder("version: 1\na0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("a").append(i).append(": &a").append(i).append(" [").append(("*a" + (i - 1) + ",").repeat(9)).append("x]\n");
        }
        Path file = write("p.yaml", bomb.toString());
        assertThrows(PolicyException.class, () -> PolicyFiles.read(file));
    }

    @Test
    void theSchemaAgreesWithTheProgram() throws IOException {
        ObjectMapper json = new ObjectMapper();
        String full = json.writeValueAsString(new YAMLMapper().readTree(FULL.replace("filePolicy: off", "filePolicy: \"off\"")));
        assertThat(Schemas.errors("policy", full), empty());
        for (String bad : List.of("{}", "{\"version\":2}", "{\"version\":1,\"x\":1}", "{\"version\":1,\"loopback\":\"no\"}")) {
            assertThat(Schemas.errors("policy", bad), not(empty()));
            Path file = Files.write(folder.resolve("bad.json"), bad.getBytes(StandardCharsets.UTF_8));
            assertThrows(PolicyException.class, () -> PolicyFiles.read(file));
        }
    }
}

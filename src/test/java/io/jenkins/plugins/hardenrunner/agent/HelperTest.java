package io.jenkins.plugins.hardenrunner.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.is;

import io.jenkins.plugins.hardenrunner.engine.Sha256;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Reads the helpers that the build has put among the resources. */
class HelperTest {
    /** e_machine of the ELF header, by platform. */
    private static final Map<String, Integer> MACHINES = new HashMap<>(Map.of("linux-x86_64", 62, "linux-aarch64", 183));

    @Test
    void buildHasRecordedTheHelperOfThisArchitecture() throws Exception {
        assertThat(Helper.digests(), hasKey("linux-x86_64"));
    }

    @Test
    void eachHelperMatchesItsDigestAndIsForItsMachine() throws Exception {
        for (String platform : Helper.digests().keySet()) {
            Helper helper = Helper.forPlatform(platform);
            byte[] bytes = helper.bytes();
            assertThat(platform, Sha256.hex(bytes), is(helper.sha256()));
            assertThat(platform, new String(bytes, 0, 4, java.nio.charset.StandardCharsets.ISO_8859_1), is("\u007fELF"));
            assertThat(platform, (bytes[18] & 0xff) | (bytes[19] & 0xff) << 8, is(MACHINES.get(platform)));
        }
    }
}

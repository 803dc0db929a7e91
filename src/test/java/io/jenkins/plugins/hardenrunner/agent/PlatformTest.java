package io.jenkins.plugins.hardenrunner.agent;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlatformTest {
    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, linux-x86_64",
        "Linux, x86_64, linux-x86_64",
        "linux, aarch64, linux-aarch64",
        "Linux, i386,",
        "Linux, riscv64,",
        "Windows 11, amd64,",
        "Mac OS X, aarch64,"
    })
    void onlyLinuxOnTwoArchitecturesHasAHelper(String system, String architecture, String platform) {
        assertThat(Platform.of(system, architecture), is(platform));
    }
}

package io.jenkins.plugins.hardenrunner.launch;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import java.util.List;
import org.junit.jupiter.api.Test;

class CommandLineTest {
    private static final List<String> HELPER = List.of("/ws/$JOB/helper", "--");

    @Test
    void prefixIsEscapedAgainstTheLaunchersExpansionAndTheCommandIsNot() {
        CommandLine line = new CommandLine(List.of("echo", "$HOME", "$$", "ä b"), null).insert(HELPER, 0);
        assertThat(line.words(), contains("/ws/$$JOB/helper", "--", "echo", "$HOME", "$$", "ä b"));
        assertThat(line.masks(), nullValue());
    }

    @Test
    void masksKeepTheirPlaces() {
        CommandLine line = new CommandLine(List.of("login", "secret"), new boolean[] {false, true});
        assertThat(line.insert(HELPER, 0).masks(), is(new boolean[] {false, false, false, true}));
        assertThat(line.insert(HELPER, 1).masks(), is(new boolean[] {false, false, false, true}));
        assertThat(line.insert(HELPER, 2).masks(), is(new boolean[] {false, true, false, false}));
    }

    @Test
    void masksThatAreTooShortHideWhatTheyHid() {
        CommandLine line = new CommandLine(List.of("secret", "b", "c"), new boolean[] {true});
        assertThat(line.insert(HELPER, 0).masks(), is(new boolean[] {false, false, true, false, false}));
        assertThat(line.insert(HELPER, 2).masks(), is(new boolean[] {true, false, false, false, false}));
    }

    @Test
    void helperIsInsertedInTheContainer() {
        CommandLine line = new CommandLine(List.of("docker", "exec", "c1", "sh"), null);
        assertThat(line.insert(List.of("h", "--"), 3).words(), contains("docker", "exec", "c1", "h", "--", "sh"));
    }

    @Test
    void ownVariablesAreTakenOutOfTheClientsOptionsOnly() {
        CommandLine line = new CommandLine(
                List.of("docker", "exec", "--env", "A=1", "--env", "HARDEN_RUNNER_STEP=12", "-e",
                        "HARDEN_RUNNER_REDACT=A", "c1", "env", "HARDEN_RUNNER_STEP=12", "sh", "-c", "HARDEN_RUNNER_STEP=13"),
                new boolean[] {
                    false, false, false, true, false, true, false, true, false, false, true, false, false, false
                });
        CommandLine clean = line.withoutOurs(11);
        assertThat(clean.words(),
                contains("docker", "exec", "--env", "A=1", "c1", "env", "sh", "-c", "HARDEN_RUNNER_STEP=13"));
        assertThat(clean.masks(), is(new boolean[] {false, false, false, true, false, false, false, false, false}));
    }
}

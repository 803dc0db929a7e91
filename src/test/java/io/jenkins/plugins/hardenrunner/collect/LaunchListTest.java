package io.jenkins.plugins.hardenrunner.collect;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchListTest {
    private static final Launch FIRST = new Launch("l-1", "00ff", "", "/var/lib/ci/harden-runner", "7", true, 1234567890123L);
    private static final Launch ODD = new Launch("l-2", "aa", "a\tb\\", "/home/line\nend\r/x", "", false, 0);

    @TempDir
    Path folder;

    private Path file;
    private LaunchList list;

    @BeforeEach
    void openList() {
        file = folder.resolve("launches.tsv");
        list = new LaunchList(file);
    }

    @Test
    void listThatWasNeverWrittenIsEmpty() throws Exception {
        assertThat(list.read(), empty());
    }

    @Test
    void whatWasWrittenIsReadAgain() throws Exception {
        list.append(FIRST);
        list.append(ODD);
        assertThat(new LaunchList(file).read(), contains(FIRST, ODD));
    }

    @Test
    void lineThatACrashCutOffIsLeftOut() throws Exception {
        list.append(FIRST);
        Files.writeString(file, "l-2\taa\tnode\t/fo", StandardOpenOption.APPEND);
        assertThat(list.read(), contains(FIRST));
    }

    @Test
    void damagedLineIsNamed() throws Exception {
        list.append(FIRST);
        Files.writeString(file, "l-2\taa\n", StandardOpenOption.APPEND);
        IOException e = assertThrows(IOException.class, list::read);
        assertThat(e.getMessage(), containsString("launches.tsv:2: 2 columns instead of 7"));
    }

    @Test
    void unknownEscapeIsNamed() throws Exception {
        Files.writeString(file, "l-1\taa\ta\\qb\t/f\t\ttrue\t0\n");
        IOException e = assertThrows(IOException.class, list::read);
        assertThat(e.getMessage(), containsString("launches.tsv:1: unknown escape \\q"));
    }
}

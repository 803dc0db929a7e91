package io.jenkins.plugins.hardenrunner.goat;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PagesTest {
    @TempDir
    Path folder;

    private Pages pages;

    @BeforeEach
    void start() throws Exception {
        Path root = Files.createDirectories(folder.resolve("root/audit"));
        Files.writeString(root.resolve("report.html"), "the report");
        Files.writeString(folder.resolve("outside.txt"), "private");
        Files.createSymbolicLink(root.resolve("link"), folder.resolve("outside.txt"));
        pages = new Pages(folder.resolve("root"));
    }

    @AfterEach
    void stop() {
        pages.stop();
    }

    @Test
    void servesReports() throws Exception {
        String answer = get("GET", "/audit/report.html", "127.0.0.1:" + pages.port());
        assertThat(answer, startsWith("HTTP/1.1 200"));
        assertThat(answer, containsString("text/html"));
        assertThat(answer, containsString("the report"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/audit", "/nothing", "/../outside.txt", "/audit/%2e%2e/%2e%2e/outside.txt", "/audit/link", "/%00"})
    void nothingElseIsThere(String path) throws Exception {
        String answer = get("GET", path, "127.0.0.1:" + pages.port());
        assertThat(answer, startsWith("HTTP/1.1 40"));
        assertThat(answer, not(containsString("private")));
    }

    @Test
    void reboundNamesAreRefused() throws Exception {
        assertThat(get("GET", "/audit/report.html", "attacker.test:" + pages.port()), startsWith("HTTP/1.1 403"));
    }

    @Test
    void onlyReads() throws Exception {
        assertThat(get("DELETE", "/audit/report.html", "127.0.0.1:" + pages.port()), startsWith("HTTP/1.1 405"));
    }

    private String get(String method, String path, String host) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", pages.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write((method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

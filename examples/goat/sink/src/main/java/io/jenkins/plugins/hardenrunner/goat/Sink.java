package io.jenkins.plugins.hardenrunner.goat;

import java.io.Closeable;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLContext;

/** All servers of one run. Only loopback addresses are bound. */
final class Sink implements Closeable {
    private static final int ATTEMPTS = 20;

    private final List<Closeable> servers = new ArrayList<>();
    private final SinkLog log;
    private final int dnsPort;
    private final int httpsPort;
    private final int httpPort;

    Sink(SinkOptions options) throws IOException {
        log = new SinkLog(options.log());
        try {
            TestCa ca = new TestCa();
            DnsServer dns = new DnsServer(options.dnsPort(), log);
            servers.add(dns);
            dnsPort = dns.port();
            List<SSLContext> contexts = new ArrayList<>();
            for (Zone zone : Zone.values()) {
                contexts.add(ca.serverContext(zone.certificateNames()));
            }
            httpsPort = listen("HTTPS", options.httpsPorts(), contexts);
            httpPort = listen("HTTP", options.httpPorts(), Collections.nCopies(Zone.values().length, null));
            Files.writeString(options.ca(), ca.pem());
            dns.start();
        } catch (GeneralSecurityException e) {
            close();
            throw new IOException("test CA: " + e.getMessage(), e);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    int dnsPort() {
        return dnsPort;
    }

    int httpsPort() {
        return httpsPort;
    }

    int httpPort() {
        return httpPort;
    }

    /** Lines {@code KEY=VALUE}: what a scenario needs to know. */
    String ready(SinkOptions options) {
        return "GOAT_DNS_PORT=" + dnsPort + "\nGOAT_HTTPS_PORT=" + httpsPort + "\nGOAT_HTTP_PORT=" + httpPort
                + "\nGOAT_CA=" + options.ca().toAbsolutePath() + "\nGOAT_LOG=" + options.log().toAbsolutePath() + "\n";
    }

    /** One port for all zones: the first candidate that every zone's address can have. */
    private int listen(String what, int[] candidates, List<SSLContext> contexts) throws IOException {
        BindException last = null;
        for (int candidate : candidates) {
            for (int attempt = 0; attempt < (candidate == 0 ? ATTEMPTS : 1); attempt++) {
                List<HttpSink> bound = new ArrayList<>();
                try {
                    int port = candidate;
                    for (Zone zone : Zone.values()) {
                        HttpSink server = new HttpSink(zone, port, contexts.get(zone.ordinal()), log);
                        bound.add(server);
                        port = server.port();
                    }
                    bound.forEach(HttpSink::start);
                    servers.addAll(bound);
                    return port;
                } catch (BindException e) {
                    last = e;
                    for (HttpSink server : bound) {
                        server.close();
                    }
                }
            }
        }
        throw new IOException(
                "no " + what + " port can be bound on the loopback addresses: "
                        + (last == null ? "no candidate" : last.getMessage()),
                last);
    }

    @Override
    public void close() throws IOException {
        for (Closeable server : servers) {
            server.close();
        }
        log.close();
    }

    /** Runs until SIGTERM or, unless told otherwise, the end of standard input. */
    static void run(SinkOptions options) throws IOException, InterruptedException {
        Sink sink = new Sink(options);
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                sink.close();
            } catch (IOException e) {
                System.err.println("goat-sink: close: " + e.getMessage());
            }
        }));
        publish(options.ready(), sink.ready(options));
        System.out.print(sink.ready(options));
        System.out.flush();
        if (!options.ignoreStdin()) {
            // Whoever started the sink holds the other end: it goes with them, however they end.
            HttpSink.daemon("stdin", () -> {
                awaitEndOfInput();
                ended.countDown();
            });
        }
        ended.await();
    }

    static void awaitEndOfInput() {
        try {
            byte[] ignored = new byte[256];
            while (System.in.read(ignored) >= 0) {
                // Only the end counts.
            }
        } catch (IOException e) {
            // A terminal that is gone is an end, too.
        }
    }

    /** A reader that sees the file sees all of it. */
    private static void publish(Path file, String text) throws IOException {
        Path staging = file.resolveSibling(file.getFileName() + ".part");
        Files.writeString(staging, text);
        Files.move(staging, file, StandardCopyOption.ATOMIC_MOVE);
    }
}

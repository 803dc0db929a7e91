package io.jenkins.plugins.hardenrunner.goat;

import io.jenkins.plugins.hardenrunner.goat.Goat.UsageException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/**
 * @param log file for the NDJSON log, created or replaced
 * @param ca file for the test CA's certificate (PEM), created or replaced
 * @param ready file that appears, complete, once every server listens
 * @param dnsPort UDP and TCP port of the DNS server on 127.0.0.1; 0 takes a free one
 * @param httpsPorts candidates, the first that can be bound on every address is taken; 0 takes a free one
 * @param httpPorts as {@code httpsPorts}
 * @param ignoreStdin run on when standard input ends
 */
record SinkOptions(
        Path log, Path ca, Path ready, int dnsPort, int[] httpsPorts, int[] httpPorts, boolean ignoreStdin) {

    static SinkOptions parse(List<String> args) {
        Path log = null;
        Path ca = null;
        Path ready = null;
        int dnsPort = 0;
        // 443 and 80 need a privilege or a low ip_unprivileged_port_start; 0 is for machines where 8443 is taken.
        int[] httpsPorts = {443, 8443, 0};
        int[] httpPorts = {80, 8080, 0};
        boolean ignoreStdin = false;
        Iterator<String> rest = args.iterator();
        while (rest.hasNext()) {
            String option = rest.next();
            switch (option) {
                case "--log" -> log = Path.of(value(option, rest));
                case "--ca" -> ca = Path.of(value(option, rest));
                case "--ready" -> ready = Path.of(value(option, rest));
                case "--dns-port" -> dnsPort = onePort(option, value(option, rest));
                case "--https-ports" -> httpsPorts = Goat.ports(option, value(option, rest));
                case "--http-ports" -> httpPorts = Goat.ports(option, value(option, rest));
                case "--ignore-stdin" -> ignoreStdin = true;
                default -> throw new UsageException("unknown option '" + option + "'");
            }
        }
        return new SinkOptions(
                required("--log", log),
                required("--ca", ca),
                required("--ready", ready),
                dnsPort,
                httpsPorts,
                httpPorts,
                ignoreStdin);
    }

    private static int onePort(String option, String value) {
        int[] ports = Goat.ports(option, value);
        if (ports.length != 1) {
            throw new UsageException(option + ": one port, not '" + value + "'");
        }
        return ports[0];
    }

    private static String value(String option, Iterator<String> rest) {
        if (!rest.hasNext()) {
            throw new UsageException(option + " needs a value");
        }
        return rest.next();
    }

    private static Path required(String option, Path value) {
        if (value == null) {
            throw new UsageException(option + " is missing");
        }
        return value;
    }
}

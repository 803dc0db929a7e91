package io.jenkins.plugins.hardenrunner.goat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Entry point: {@code goat-sink.jar sink|pages|check …}. Usage errors exit with 2, everything else as documented. */
public final class Goat {
    private static final String USAGE =
            """
            usage:
              goat-sink.jar sink  --log FILE --ca FILE --ready FILE [--dns-port N] [--https-ports N,…] [--http-ports N,…] [--ignore-stdin]
                  DNS, HTTPS and HTTP servers on loopback; run until SIGTERM or the end of standard input
              goat-sink.jar pages DIR
                  serves DIR on 127.0.0.1, prints the address; runs until SIGTERM or the end of standard input
              goat-sink.jar check PHASE KEY=VALUE…
                  compares report, sink log and work tree with what the scenario promises; one line a claim
            """;

    private Goat() {}

    public static void main(String[] args) throws InterruptedException {
        System.exit(run(List.of(args)));
    }

    static int run(List<String> args) throws InterruptedException {
        try {
            String command = args.isEmpty() ? "" : args.get(0);
            List<String> rest = args.isEmpty() ? List.of() : args.subList(1, args.size());
            switch (command) {
                case "sink" -> Sink.run(SinkOptions.parse(rest));
                case "pages" -> Pages.run(rest);
                case "check" -> {
                    return Check.run(rest, System.out);
                }
                case "help", "--help", "-h" -> System.out.print(USAGE);
                default -> throw new UsageException("unknown command '" + command + "'");
            }
            return 0;
        } catch (UsageException e) {
            System.err.println("goat-sink: " + e.getMessage());
            System.err.print(USAGE);
            return 2;
        } catch (IOException e) {
            System.err.println("goat-sink: " + e.getClass().getSimpleName() + ": " + e.getMessage());
            return 1;
        }
    }

    /** Arguments that make no sense; the message names them. */
    static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    /** Parses a comma-separated list of ports, 0 to 65535. */
    static int[] ports(String option, String value) {
        try {
            int[] ports = Arrays.stream(value.split(",", -1)).mapToInt(Integer::parseInt).toArray();
            if (Arrays.stream(ports).allMatch(p -> p >= 0 && p <= 65535)) {
                return ports;
            }
        } catch (NumberFormatException e) {
            // The same message as for a number out of range.
        }
        throw new UsageException(option + ": '" + value + "' is not a comma-separated list of ports (0 to 65535)");
    }
}

package io.jenkins.plugins.hardenrunner.goat;

import io.jenkins.plugins.hardenrunner.goat.Goat.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares what a run of a scenario left behind with what the scenario promises. Phases: {@code control} (not
 * supervised), {@code audit}, {@code block}, {@code clean} (block, without the malicious dependencies), and
 * {@code tamper-audit}, {@code tamper-block} of the scenario tamper-sources.
 */
final class Check {
    private Check() {}

    /** @return 0 if every claim holds, 1 if one does not; a claim that cannot be examined does not hold */
    static int run(List<String> args, PrintStream out) {
        if (args.isEmpty()) {
            throw new UsageException("check needs a phase");
        }
        Map<String, String> keys = new HashMap<>();
        for (String arg : args.subList(1, args.size())) {
            int equals = arg.indexOf('=');
            if (equals < 1) {
                throw new UsageException("'" + arg + "' is not KEY=VALUE");
            }
            keys.put(arg.substring(0, equals), arg.substring(equals + 1));
        }
        Claims claims = new Claims(out);
        try {
            Outcome outcome = new Outcome(keys);
            AttackClaims attack = new AttackClaims(outcome, claims);
            switch (args.get(0)) {
                case "tamper-audit" -> new TamperClaims(outcome, claims).audit();
                case "tamper-block" -> new TamperClaims(outcome, claims).block();
                case "control" -> attack.succeeded();
                case "audit" -> {
                    attack.succeeded();
                    new ReportClaims(outcome, claims).audit();
                }
                case "block" -> {
                    attack.stopped();
                    new ReportClaims(outcome, claims).block();
                }
                case "clean" -> {
                    attack.absent();
                    new ReportClaims(outcome, claims).clean();
                }
                default -> throw new UsageException("unknown phase '" + args.get(0) + "'");
            }
        } catch (IOException e) {
            claims.that("what the run left behind can be read", false, e);
        }
        return claims.failed() ? 1 : 0;
    }
}

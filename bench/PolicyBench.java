import io.jenkins.plugins.hardenrunner.engine.policy.BlockedEndpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.EgressPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.Endpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.LaunchOptions;
import io.jenkins.plugins.hardenrunner.engine.policy.NamedPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.Origin;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyFile;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyLayer;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyScope;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyStack;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What resolution costs, run by bench/policy: {@code resolve} prints a table, {@code compile N} the helper's policy file
 * with N endpoints (six in ten names, two suffixes, two networks).
 */
final class PolicyBench {
    private static final int POLICIES = 1000;
    private static final int RULES = 200;
    private static final int ROUNDS = 200;

    private PolicyBench() {}

    public static void main(String[] arguments) {
        if (arguments[0].equals("compile")) {
            PolicyLayer.Builder layer = PolicyLayer.builder(Origin.STEP).egressPolicy(EgressPolicy.BLOCK);
            for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
                layer.allow(endpoint(0, i));
            }
            System.out.print(PolicyFile.render(EffectivePolicy.resolve(List.of(layer.build())), LaunchOptions.NONE));
            return;
        }
        System.out.println("| resolution | rules | CPU, ms: median | slowest of " + ROUNDS + " | first, cold JVM |\n|---|---|---|---|---|");
        PolicyStack plain = stack(0);
        measure("one of 1,000 policies", plain, "p500");
        measure("one that extends 9 others, each the next", stack(10), "p0");
        measure("one under a ceiling of 200 endpoints", stack(0, true), "p500");
        PolicyStack chain = stack(POLICIES);
        long start = now();
        for (int i = 0; i < POLICIES; i++) {
            EffectivePolicy.resolve(plain.layers(List.of(step()), "p" + i));
        }
        double all = (now() - start) / 1e6;
        System.out.printf(Locale.ROOT, "| all 1,000, one after the other | 201 each | %.1f in all, %.3f each | | |%n", all, all / POLICIES);
        start = now();
        plain.check();
        System.out.printf(Locale.ROOT, "| check of all 1,000 definitions, as the form does it | | %.1f | | |%n", (now() - start) / 1e6);
        start = now();
        int rules = EffectivePolicy.resolve(chain.layers(List.of(step()), "p0")).rules().size();
        System.out.printf(Locale.ROOT, "| one that extends all others, each the next | %,d | %.1f | | |%n", rules, (now() - start) / 1e6);
    }

    /** CPU time of this thread: the machine has other work. */
    private static long now() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static PolicyLayer step() {
        return PolicyLayer.builder(Origin.STEP).allow(Endpoint.parse("step.example.com")).build();
    }

    private static PolicyStack stack(int extended) {
        return stack(extended, false);
    }

    /** @param extended how many policies extend the next one */
    private static PolicyStack stack(int extended, boolean ceiling) {
        List<NamedPolicy> policies = new ArrayList<>();
        for (int p = 0; p < POLICIES; p++) {
            PolicyLayer.Builder layer = PolicyLayer.builder(new Origin(Origin.Kind.GLOBAL, "p" + p)).egressPolicy(EgressPolicy.BLOCK);
            for (int i = 0; i < RULES; i++) {
                if (i % 10 == 9) {
                    layer.block(new BlockedEndpoint(endpoint(p, i), "bench"));
                } else {
                    layer.allow(endpoint(p, i));
                }
            }
            policies.add(new NamedPolicy("p" + p, "", p + 1 < extended ? List.of("p" + (p + 1)) : List.of(), layer.build()));
        }
        Origin origin = new Origin(Origin.Kind.GLOBAL, "");
        PolicyLayer.Builder settings = PolicyLayer.builder(origin);
        if (ceiling) {
            List<Endpoint> limit = new ArrayList<>();
            for (int i = 0; i < RULES; i++) {
                limit.add(endpoint(7, i));
            }
            settings.ceiling(limit);
        }
        PolicyScope outer = PolicyScope.builder(origin).settings(settings.build()).policies(ceiling ? List.of() : policies).build();
        return new PolicyStack(ceiling
                ? List.of(PolicyScope.builder(new Origin(Origin.Kind.FOLDER, "f")).policies(policies).build(), outer)
                : List.of(outer));
    }

    private static Endpoint endpoint(int policy, int i) {
        return Endpoint.parse(switch (i % 10) {
            case 0, 1, 2, 3, 4, 5 -> "host" + i + ".p" + policy + ".example.com:443";
            case 6, 7 -> "*.zone" + i + ".p" + policy + ".example.com:80,443";
            default -> (10 + policy % 100) + "." + i / 256 % 256 + "." + i % 256 + ".0/24:443";
        });
    }

    private static void measure(String what, PolicyStack stack, String name) {
        double[] times = new double[ROUNDS];
        int rules = 0;
        for (int i = 0; i < ROUNDS; i++) {
            long start = now();
            rules = EffectivePolicy.resolve(stack.layers(List.of(step()), name)).rules().size();
            times[i] = (now() - start) / 1e6;
        }
        double first = times[0];
        Arrays.sort(times, 1, ROUNDS);
        System.out.printf(Locale.ROOT, "| %s | %,d | %.3f | %.1f | %.1f |%n", what, rules, times[ROUNDS / 2], times[ROUNDS - 1], first);
    }
}

package io.jenkins.plugins.hardenrunner.cli;

import io.jenkins.plugins.hardenrunner.engine.policy.Decision;
import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.LaunchOptions;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyFile;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyScope;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyStack;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyText;
import io.jenkins.plugins.hardenrunner.engine.policy.Rule;
import io.jenkins.plugins.hardenrunner.engine.policy.Target;
import io.jenkins.plugins.hardenrunner.engine.policy.TraceEntry;
import io.jenkins.plugins.hardenrunner.engine.recommend.GitHubAction;
import io.jenkins.plugins.hardenrunner.engine.report.Explanation;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code harden-runner policy}: policies without running anything, for review in pull requests. */
@Command(name = "policy", description = "Checks, explains, merges, imports and prints policies.",
        mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND")
final class PolicyCommand implements Runnable {
    private static final int MAX_IMPORT_MEBIBYTES = 4;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "one of check, explain, import, merge, print is missing");
    }

    @Command(name = "check", mixinStandardHelpOptions = true,
            description = "Says of each file whether it is a policy; exit status 0 if all are, 2 if one is not."
                    + " Each may extend what the files behind it define.")
    int check(@Parameters(paramLabel = "FILE", arity = "1..*") List<Path> files) {
        int code = ExitCode.OK;
        PrintWriter out = spec.commandLine().getOut();
        List<PolicyScope> farther = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (Path file : reversed(files)) {
            try {
                lines.add(checked(file, farther));
            } catch (PolicyException e) {
                spec.commandLine().getErr().println("harden-runner: " + e.getMessage());
                spec.commandLine().getErr().flush();
                code = ExitCode.TROUBLE;
            }
        }
        reversed(lines).forEach(out::println);
        out.flush();
        return code;
    }

    private static <T> List<T> reversed(List<T> list) {
        List<T> reversed = new ArrayList<>(list);
        Collections.reverse(reversed);
        return reversed;
    }

    /** @param farther what the files behind this one say; this one is put before them */
    private static String checked(Path file, List<PolicyScope> farther) {
        PolicyScope scope = PolicyFiles.read(file);
        farther.add(0, scope);
        PolicyStack stack = new PolicyStack(farther);
        try {
            stack.checkNearest();
            PolicyFile.render(EffectivePolicy.resolve(stack.layers(List.of(), null)), LaunchOptions.NONE);
        } catch (PolicyException e) {
            throw new PolicyException(file.getFileName() + ": " + e.getMessage(), e);
        }
        return file + ": ok, " + scope.settings().allowRules().size() + " allowed, " + scope.settings().blocked().size() + " blocked"
                + (scope.policies().isEmpty() ? "" : ", " + scope.policies().size() + " policies");
    }

    @Command(name = "explain", mixinStandardHelpOptions = true,
            description = "Prints 'allowed' or 'blocked', why, and what would allow it; exit status 0, 1, or 2 for bad input."
                    + " Rules are applied as with the egress policy 'block'.")
    int explain(@Mixin PolicyOptions options,
            @Parameters(paramLabel = "TARGET", description = "host:port in the endpoint grammar.") String text) {
        EffectivePolicy policy = options.resolve();
        Target target = Target.parse(text);
        Decision decision = policy.decide(target);
        Explanation explanation = Explanation.of(policy, target, decision, Explanation.Context.COMMAND_LINE);
        PrintWriter out = spec.commandLine().getOut();
        out.println(decision.allowed() ? "allowed" : "blocked");
        out.println("target: " + target);
        out.println("rule: " + decision.ruleId());
        out.println("reason: " + explanation.why());
        if (!explanation.risk().isEmpty()) {
            out.println("risk: " + explanation.risk());
        }
        if (!explanation.remedy().isEmpty()) {
            out.println("remedy: " + explanation.remedy());
        }
        if (!decision.allowed() && decision.rule() == null) {
            out.println("mode: egress policy '" + policy.egressPolicy().token()
                    + "'; audit would let it through and record it, block refuses it");
        }
        if (target.name() != null) {
            out.println("note: the addresses that the name has when it is asked for are judged as well");
        }
        trace(policy, out);
        out.flush();
        return decision.allowed() ? ExitCode.OK : ExitCode.NO;
    }

    private static void trace(EffectivePolicy policy, PrintWriter out) {
        out.println("trace:");
        for (TraceEntry entry : policy.trace()) {
            out.print("  " + entry.setting() + ": " + entry.value() + " (" + entry.origin().label() + ")");
            entry.overruled().forEach(o -> out.print(", overrules " + o.value() + " (" + o.origin().label() + ")"));
            out.println();
        }
        for (Rule rule : policy.rules()) {
            out.println("  " + rule.id() + ": " + rule.action().token() + " " + rule.endpoint() + " (" + rule.origin().label()
                    + ")" + (rule.reason().isEmpty() ? "" : ", reason: " + rule.reason()));
        }
    }

    @Command(name = "merge", mixinStandardHelpOptions = true,
            description = "Prints the policy that several files make together, nearest first, with the origin of each value.")
    int merge(@Parameters(paramLabel = "FILE", arity = "1..*") List<Path> files) {
        PolicyStack stack = new PolicyStack(files.stream().map(PolicyFiles::read).toList());
        spec.commandLine().getOut().print(PolicyText.yaml(EffectivePolicy.resolve(stack.layers(List.of(), null))));
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }

    @Command(name = "import", mixinStandardHelpOptions = true,
            description = "Prints the inputs egress-policy and allowed-endpoints of the GitHub action, or a bare list, as a policy.")
    int importGitHubAction(@Parameters(paramLabel = "FILE", description = "A file, or - for standard input.") String file)
            throws IOException {
        boolean piped = file.equals("-");
        String text = piped
                ? InputFiles.text(System.in, "standard input", MAX_IMPORT_MEBIBYTES)
                : InputFiles.text(Path.of(file), file, MAX_IMPORT_MEBIBYTES);
        GitHubAction.Imported imported;
        try {
            imported = GitHubAction.parse(text);
        } catch (PolicyException e) {
            throw new PolicyException((piped ? "standard input" : file) + ", " + e.getMessage(), e);
        }
        spec.commandLine().getOut().print(PolicyText.yaml(PolicyScope.builder(imported.layer().origin()).settings(imported.layer()).build()));
        spec.commandLine().getOut().flush();
        if (!imported.ignored().isEmpty()) {
            spec.commandLine().getErr().println("harden-runner: not part of a policy: " + String.join(", ", imported.ignored()));
            spec.commandLine().getErr().flush();
        }
        return ExitCode.OK;
    }

    @Command(name = "print", mixinStandardHelpOptions = true,
            description = "Prints the policy that the options make: as YAML, or as the file that the helper reads.")
    int print(@Mixin PolicyOptions options,
            @Option(names = "--format", defaultValue = "yaml", description = "yaml (default) or compiled.") String format) {
        Set<String> formats = new TreeSet<>(Set.of("yaml", "compiled"));
        if (!formats.contains(format)) {
            throw new CliException(ExitCode.TROUBLE, "unknown format '" + format + "', known are " + String.join(", ", formats));
        }
        EffectivePolicy policy = options.resolve();
        spec.commandLine().getOut().print(format.equals("yaml")
                ? PolicyText.yaml(policy)
                : PolicyFile.render(policy, LaunchOptions.NONE));
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}

package io.jenkins.plugins.hardenrunner.cli;

import io.jenkins.plugins.hardenrunner.engine.policy.Redaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The options of {@code run} that say what must not stand in records. */
final class RedactOptions {
    @Option(names = "--redact-env", paramLabel = "NAME", split = ",",
            description = "Environment variables whose values are masked in all records; NAME may have '*'.")
    private List<String> variables = new ArrayList<>();

    @Option(names = "--redact", paramLabel = "PATTERN",
            description = "Text that looks like a secret, such as 'corp_[A-Za-z0-9]{20,}'; may be repeated.")
    private List<String> patterns = new ArrayList<>();

    @Option(names = "--redact-after", paramLabel = "OPTION",
            description = "An option of commands, such as --password, whose value is masked; may be repeated.")
    private List<String> options = new ArrayList<>();

    @Option(names = "--redact-defaults", negatable = true, defaultValue = "true", fallbackValue = "true",
            description = "Mask what usually is a secret too: names such as *TOKEN*, forms of widespread tokens (default).")
    private boolean defaults;

    /**
     * What is secret.
     *
     * @param variables names without {@code *}, whose values are masked whatever their length
     */
    record Secrets(List<String> variables, Redaction redaction) {
        /** The values that are known now, which is before the command starts. */
        Collection<String> values() {
            Map<String, String> environment = System.getenv();
            return Stream.concat(
                            variables.stream().map(environment::get).filter(Objects::nonNull),
                            environment.entrySet().stream()
                                    .filter(entry -> redaction.hides(entry.getKey(), entry.getValue()))
                                    .map(Map.Entry::getValue))
                    .toList();
        }
    }

    /** The options together with the defaults. @throws PolicyException if one of them is wrong */
    Secrets resolve() {
        Redaction base = defaults ? Redaction.DEFAULT : Redaction.NONE;
        return new Secrets(
                variables.stream().filter(name -> !name.contains("*")).toList(),
                new Redaction(
                        joined(base.variables(), variables.stream().filter(name -> name.contains("*")).toList()),
                        joined(base.patterns(), patterns),
                        joined(base.options(), options)));
    }

    private static List<String> joined(List<String> first, List<String> second) {
        return Stream.concat(first.stream(), second.stream()).distinct().toList();
    }
}

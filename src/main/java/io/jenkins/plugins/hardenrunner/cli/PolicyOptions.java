package io.jenkins.plugins.hardenrunner.cli;

import io.jenkins.plugins.hardenrunner.engine.policy.BlockedEndpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.Endpoint;
import io.jenkins.plugins.hardenrunner.engine.policy.Origin;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyLayer;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyStack;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The options from which a policy is made, nearest first: options, then files in the order of the command line. */
class PolicyOptions {
    @Option(names = "--policy", paramLabel = "FILE",
            description = "Policy file (YAML, or JSON if named *.json); may be repeated, earlier ones win.")
    List<Path> files = new ArrayList<>();

    @Option(names = "--allow", paramLabel = "ENDPOINT",
            description = "Allow [scheme://]host[:ports]; may be repeated.")
    List<String> allow = new ArrayList<>();

    @Option(names = "--block", paramLabel = "ENDPOINT",
            description = "Refuse [scheme://]host[:ports], in audit too; may be repeated.")
    List<String> block = new ArrayList<>();

    @Option(names = "--policy-name", paramLabel = "NAME",
            description = "Use this policy, which a --policy file defines, or this preset.")
    private String policyName;

    /** The layers of the options alone, nearest first. */
    List<PolicyLayer> layers() {
        List<PolicyLayer> layers = new ArrayList<>();
        add(layers, "--allow", !allow.isEmpty(), layer -> allow.forEach(text -> layer.allow(Endpoint.parseList(text))));
        add(layers, "--block", !block.isEmpty(), layer -> block.forEach(
                text -> Endpoint.parseList(text).forEach(endpoint -> layer.block(new BlockedEndpoint(endpoint)))));
        return layers;
    }

    /** The policy of these options and files. */
    EffectivePolicy resolve() {
        PolicyStack stack = new PolicyStack(files.stream().map(PolicyFiles::read).toList());
        return EffectivePolicy.resolve(stack.layers(layers(), policyName));
    }

    /** Adds a layer of one option, so that the option stands as the origin of what it sets. */
    static void add(List<PolicyLayer> layers, String option, boolean given, Consumer<PolicyLayer.Builder> content) {
        if (given) {
            PolicyLayer.Builder layer = PolicyLayer.builder(new Origin(Origin.Kind.COMMAND_LINE, option));
            try {
                content.accept(layer);
            } catch (PolicyException e) {
                throw new PolicyException(option + ": " + e.getMessage(), e);
            }
            layers.add(layer.build());
        }
    }
}

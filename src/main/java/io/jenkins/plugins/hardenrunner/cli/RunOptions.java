package io.jenkins.plugins.hardenrunner.cli;

import io.jenkins.plugins.hardenrunner.engine.policy.CredentialPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.DnsUpstream;
import io.jenkins.plugins.hardenrunner.engine.policy.EgressPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.FilePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.InboundPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.LoopbackPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.OnViolation;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyLayer;
import io.jenkins.plugins.hardenrunner.engine.policy.SniPolicy;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options of {@code run} that make its policy. */
final class RunOptions extends PolicyOptions {
    @Option(names = "--egress-policy", paramLabel = "MODE", description = "audit (default) or block.")
    private String egressPolicy;

    @Option(names = "--loopback", paramLabel = "MODE",
            description = "allow (default), or own: loopback ports on which no process of the command listens are judged by the rules.")
    private String loopback;

    @Option(names = "--inbound", paramLabel = "MODE",
            description = "allow (default), or loopback: listeners of the command hear connections from loopback addresses only.")
    private String inbound;

    @Option(names = "--sni", paramLabel = "MODE",
            description = "check (default): in block, the names that clients present on ports 443 and 80 are judged too; off.")
    private String sni;

    @Option(names = "--file-policy", paramLabel = "MODE", description = "off, audit (default) or block.")
    private String filePolicy;

    @Option(names = "--protect", paramLabel = "GLOB",
            description = "Files whose change is a violation, beside those under version control; may be repeated.")
    private List<String> protect = new ArrayList<>();

    @Option(names = "--expect-change", paramLabel = "RULE",
            description = "GLOB [by PROCESS | by package:NAME]: changes of sources that are meant; may be repeated.")
    private List<String> expectedChanges = new ArrayList<>();

    @Option(names = "--credential-policy", paramLabel = "MODE", description = "off (default), audit or block.")
    private String credentialPolicy;

    @Option(names = "--dns-upstream", paramLabel = "ADDR:PORT",
            description = "Name server to ask instead of the machine's; up to 3.")
    private List<String> dnsUpstreams = new ArrayList<>();

    @Option(names = "--on-violation", paramLabel = "MODE",
            description = "fail: exit status 120 if the policy was violated and the command succeeded (default in block); warn.")
    private String onViolation;

    @Override
    List<PolicyLayer> layers() {
        List<PolicyLayer> layers = new ArrayList<>();
        add(layers, "--egress-policy", egressPolicy != null, layer -> layer.egressPolicy(EgressPolicy.parse(egressPolicy)));
        add(layers, "--loopback", loopback != null, layer -> layer.loopback(LoopbackPolicy.parse(loopback)));
        add(layers, "--inbound", inbound != null, layer -> layer.inbound(InboundPolicy.parse(inbound)));
        add(layers, "--sni", sni != null, layer -> layer.sni(SniPolicy.parse(sni)));
        add(layers, "--file-policy", filePolicy != null, layer -> layer.filePolicy(FilePolicy.parse(filePolicy)));
        add(layers, "--credential-policy", credentialPolicy != null,
                layer -> layer.credentialPolicy(CredentialPolicy.parse(credentialPolicy)));
        add(layers, "--protect", !protect.isEmpty(), layer -> protect.forEach(layer::protect));
        add(layers, "--expect-change", !expectedChanges.isEmpty(), layer -> expectedChanges.forEach(layer::expectChange));
        add(layers, "--dns-upstream", !dnsUpstreams.isEmpty(),
                layer -> dnsUpstreams.forEach(text -> layer.dnsUpstream(DnsUpstream.parse(text))));
        add(layers, "--on-violation", onViolation != null, layer -> layer.onViolation(OnViolation.parse(onViolation)));
        layers.addAll(super.layers());
        return layers;
    }
}

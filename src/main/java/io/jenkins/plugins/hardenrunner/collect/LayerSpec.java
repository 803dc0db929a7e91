package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.engine.policy.CredentialPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.DnsUpstream;
import io.jenkins.plugins.hardenrunner.engine.policy.EgressPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.EndpointLines;
import io.jenkins.plugins.hardenrunner.engine.policy.ExpectedChange;
import io.jenkins.plugins.hardenrunner.engine.policy.FilePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.InboundPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.LoopbackPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.MetadataPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.OnDeviation;
import io.jenkins.plugins.hardenrunner.engine.policy.OnUnsupported;
import io.jenkins.plugins.hardenrunner.engine.policy.OnViolation;
import io.jenkins.plugins.hardenrunner.engine.policy.Origin;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyLayer;
import io.jenkins.plugins.hardenrunner.engine.policy.SniPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.Token;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One layer of policy as text, the form in which it is configured and saved. Null or blank means "not set here". The
 * fields are public for Jackson, which stores them in the build folder.
 */
public final class LayerSpec {
    public Origin.Kind origin = Origin.Kind.STEP;
    public String originName = "";
    public String egressPolicy;
    public String filePolicy;
    public String credentialPolicy;
    public String loopback;
    public String inbound;
    public String sni;
    /** {@code allow} or {@code deny}. */
    public String metadata;
    public String onViolation;
    public String onDeviation;
    public String onUnsupported;
    /** Endpoints separated by white space, a reason after {@code #} at the end of a line. */
    public String allowed;
    /** Endpoints, a reason after {@code #} at the end of a line. */
    public String blocked;
    /** {@code ADDRESS:PORT} separated by white space. */
    public String dnsUpstream;
    /** Globs under the workspace, one a line. */
    public String protectedPaths;
    /** Changes of sources that are meant, one a line: {@code GLOB [by PROCESS | by package:NAME]}. */
    public String expectedChanges;
    /** Files and folders that hold credentials, one a line. */
    public String credentialPaths;
    /** Local sockets that the block may use, one a line. */
    public String allowedSockets;
    public String keptCapabilities;
    /** The policy that the step names; it stands in layers of its own then. */
    public String policy;
    /** Endpoints that layers of smaller scopes may allow at the most; blank for none, null for no limit. */
    public String ceiling;
    /** Whether nearer layers cannot weaken the modes. */
    public boolean floor;
    /** See {@link PolicyLayer#scope()}. */
    public int scope;
    /** See {@link PolicyLayer#peer()}. */
    public boolean peer;

    public LayerSpec() {}

    public LayerSpec(@NonNull Origin origin) {
        this.origin = origin.kind();
        this.originName = origin.name();
    }

    /**
     * The layer for the engine.
     *
     * @throws PolicyException if a value is wrong; the message names the setting and the remedy
     */
    @NonNull
    public PolicyLayer toLayer() {
        PolicyLayer.Builder layer = PolicyLayer.builder(new Origin(origin, originName))
                .egressPolicy(setting(egressPolicy, EgressPolicy::parse))
                .filePolicy(setting(filePolicy, FilePolicy::parse))
                .credentialPolicy(setting(credentialPolicy, CredentialPolicy::parse))
                .loopback(setting(loopback, LoopbackPolicy::parse))
                .inbound(setting(inbound, InboundPolicy::parse))
                .sni(setting(sni, SniPolicy::parse))
                .metadataAllowed(setting(metadata, MetadataPolicy::allowed))
                .onViolation(setting(onViolation, OnViolation::parse))
                .onDeviation(setting(onDeviation, OnDeviation::parse))
                .onUnsupported(setting(onUnsupported, OnUnsupported::parse))
                .ceiling(ceiling == null ? null : EndpointLines.endpoints(ceiling))
                .floor(floor)
                .scope(scope)
                .peer(peer);
        if (isSet(allowed)) {
            layer.allowRules(EndpointLines.allowed(allowed));
        }
        if (isSet(blocked)) {
            layer.block(EndpointLines.blocked(blocked));
        }
        if (isSet(dnsUpstream)) {
            for (String upstream : dnsUpstream.trim().split("\\s+")) {
                layer.dnsUpstream(DnsUpstream.parse(upstream));
            }
        }
        lines(protectedPaths).forEach(layer::protect);
        lines(expectedChanges).forEach(layer::expectChange);
        lines(credentialPaths).forEach(layer::credentialPath);
        lines(allowedSockets).forEach(layer::allowSocket);
        lines(keptCapabilities).forEach(layer::keepCapability);
        return layer.build();
    }

    /** The text of a layer; {@link #toLayer} reads it back. */
    @NonNull
    public static LayerSpec of(@NonNull PolicyLayer layer) {
        LayerSpec spec = new LayerSpec(layer.origin());
        spec.egressPolicy = token(layer.egressPolicy());
        spec.filePolicy = token(layer.filePolicy());
        spec.credentialPolicy = token(layer.credentialPolicy());
        spec.loopback = token(layer.loopback());
        spec.inbound = token(layer.inbound());
        spec.sni = token(layer.sni());
        spec.metadata = layer.metadataAllowed() == null ? null : layer.metadataAllowed() ? "allow" : "deny";
        spec.onViolation = token(layer.onViolation());
        spec.onDeviation = token(layer.onDeviation());
        spec.onUnsupported = token(layer.onUnsupported());
        spec.allowed = EndpointLines.ofAllowed(layer.allowRules());
        spec.blocked = EndpointLines.ofBlocked(layer.blocked());
        spec.dnsUpstream = joined(layer.dnsUpstreams());
        spec.protectedPaths = joined(layer.protectedGlobs());
        spec.expectedChanges = layer.expectedChanges().stream().map(ExpectedChange::text).collect(Collectors.joining("\n"));
        spec.credentialPaths = joined(layer.credentialPaths());
        spec.allowedSockets = joined(layer.allowedSockets());
        spec.keptCapabilities = joined(layer.keptCapabilities());
        spec.ceiling = layer.ceiling() == null ? null : joined(layer.ceiling());
        spec.floor = layer.floor();
        spec.scope = layer.scope();
        spec.peer = layer.peer();
        return spec;
    }

    private static String token(Token value) {
        return value == null ? null : value.token();
    }

    private static String joined(List<?> entries) {
        return entries.stream().map(Object::toString).collect(Collectors.joining("\n"));
    }

    private static List<String> lines(String text) {
        return text == null ? List.of() : text.lines().map(String::trim).filter(line -> !line.isEmpty()).toList();
    }

    private static <T> T setting(String text, Function<String, T> parser) {
        return isSet(text) ? parser.apply(text) : null;
    }

    private static boolean isSet(String text) {
        return text != null && !text.isBlank();
    }
}

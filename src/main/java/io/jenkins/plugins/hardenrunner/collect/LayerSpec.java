package io.jenkins.plugins.hardenrunner.collect;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.engine.policy.DnsUpstream;
import io.jenkins.plugins.hardenrunner.engine.policy.EgressPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.EndpointLines;
import io.jenkins.plugins.hardenrunner.engine.policy.FilePolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.LoopbackPolicy;
import io.jenkins.plugins.hardenrunner.engine.policy.OnDeviation;
import io.jenkins.plugins.hardenrunner.engine.policy.OnUnsupported;
import io.jenkins.plugins.hardenrunner.engine.policy.OnViolation;
import io.jenkins.plugins.hardenrunner.engine.policy.Origin;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyLayer;
import java.util.function.Function;

/**
 * One layer of policy as text, the form in which it is configured and saved. Null or blank means "not set here". The
 * fields are public for Jackson, which stores them in the build folder.
 */
public final class LayerSpec {
    public Origin.Kind origin = Origin.Kind.STEP;
    public String originName = "";
    public String egressPolicy;
    public String filePolicy;
    public String loopback;
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
    /** Whether nearer layers cannot weaken the modes. */
    public boolean floor;

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
                .loopback(setting(loopback, LoopbackPolicy::parse))
                .onViolation(setting(onViolation, OnViolation::parse))
                .onDeviation(setting(onDeviation, OnDeviation::parse))
                .onUnsupported(setting(onUnsupported, OnUnsupported::parse))
                .floor(floor);
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
        if (isSet(protectedPaths)) {
            protectedPaths.lines().map(String::trim).filter(glob -> !glob.isEmpty()).forEach(layer::protect);
        }
        return layer.build();
    }

    private static <T> T setting(String text, Function<String, T> parser) {
        return isSet(text) ? parser.apply(text) : null;
    }

    private static boolean isSet(String text) {
        return text != null && !text.isBlank();
    }
}

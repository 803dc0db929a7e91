package io.jenkins.plugins.hardenrunner.config;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.collect.LayerSpec;
import io.jenkins.plugins.hardenrunner.engine.policy.Origin;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyScope;
import java.util.ArrayList;
import java.util.List;

/**
 * What the global configuration and a folder have in common: defaults, minimums, a limit, and named policies. Text, as
 * it was typed; stored as part of its owner. Null means "not set here".
 */
public final class PlaceSettings {
    public String defaultPolicy;
    public String egressPolicy;
    public String filePolicy;
    public String credentialPolicy;
    public String loopback;
    public String inbound;
    public String sni;
    public String metadata;
    public String allowedEndpoints;
    public String blockedEndpoints;
    public String minimumEgressPolicy;
    public String minimumFilePolicy;
    public String minimumCredentialPolicy;
    public String minimumLoopback;
    public String minimumInbound;
    public String minimumSni;
    public String minimumMetadata;
    public boolean limited;
    public String ceilingEndpoints;
    public List<PolicyDefinition> policies = new ArrayList<>();

    @NonNull
    PlaceSettings copy() {
        PlaceSettings copy = new PlaceSettings();
        copy.defaultPolicy = defaultPolicy;
        copy.egressPolicy = egressPolicy;
        copy.filePolicy = filePolicy;
        copy.credentialPolicy = credentialPolicy;
        copy.loopback = loopback;
        copy.inbound = inbound;
        copy.sni = sni;
        copy.metadata = metadata;
        copy.allowedEndpoints = allowedEndpoints;
        copy.blockedEndpoints = blockedEndpoints;
        copy.minimumEgressPolicy = minimumEgressPolicy;
        copy.minimumFilePolicy = minimumFilePolicy;
        copy.minimumCredentialPolicy = minimumCredentialPolicy;
        copy.minimumLoopback = minimumLoopback;
        copy.minimumInbound = minimumInbound;
        copy.minimumSni = minimumSni;
        copy.minimumMetadata = minimumMetadata;
        copy.limited = limited;
        copy.ceilingEndpoints = ceilingEndpoints;
        copy.policies = new ArrayList<>(policies);
        return copy;
    }

    /**
     * The place for the engine.
     *
     * @param folder the full name of the folder; null for the global configuration
     * @throws PolicyException if a value is wrong; the message names the setting
     */
    @NonNull
    public PolicyScope scope(String folder) {
        Origin origin = folder == null ? new Origin(Origin.Kind.GLOBAL, "") : new Origin(Origin.Kind.FOLDER, folder);
        LayerSpec settings = new LayerSpec(origin);
        settings.egressPolicy = egressPolicy;
        settings.filePolicy = filePolicy;
        settings.credentialPolicy = credentialPolicy;
        settings.loopback = loopback;
        settings.inbound = inbound;
        settings.sni = sni;
        settings.metadata = metadata;
        settings.allowed = allowedEndpoints;
        settings.blocked = blockedEndpoints;
        settings.ceiling = limited ? ceilingEndpoints == null ? "" : ceilingEndpoints : null;
        LayerSpec floor = new LayerSpec(new Origin(Origin.Kind.FLOOR, origin.label()));
        floor.egressPolicy = minimumEgressPolicy;
        floor.filePolicy = minimumFilePolicy;
        floor.credentialPolicy = minimumCredentialPolicy;
        floor.loopback = minimumLoopback;
        floor.inbound = minimumInbound;
        floor.sni = minimumSni;
        floor.metadata = minimumMetadata;
        floor.floor = true;
        PolicyScope.Builder scope = PolicyScope.builder(origin);
        try {
            scope.settings(settings.toLayer()).floor(floor.toLayer()).defaultPolicy(defaultPolicy);
            for (PolicyDefinition definition : policies) {
                scope.policy(definition.toPolicy(folder == null
                        ? new Origin(Origin.Kind.GLOBAL, definition.getName())
                        : new Origin(Origin.Kind.FOLDER_POLICY, folder + "/" + definition.getName())));
            }
            return scope.build();
        } catch (PolicyException e) {
            String prefix = origin.label() + ": ";
            throw e.getMessage().startsWith(prefix) ? e : new PolicyException(prefix + e.getMessage(), e);
        }
    }
}

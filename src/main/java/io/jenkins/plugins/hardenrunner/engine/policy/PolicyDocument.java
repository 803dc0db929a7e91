package io.jenkins.plugins.hardenrunner.engine.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Policies as people write them in files (docs/policy.md, version 1), from the tree that a JSON or YAML parser made.
 */
public final class PolicyDocument {
    /** The version of the format. */
    public static final int VERSION = 1;

    private static final Set<String> OWN = Set.of("version", "extends", "policy", "policies", "floor", "ceiling");
    private static final Set<String> POLICY = Set.of("description", "extends");

    /** Says where a JSON pointer such as {@code /allowedEndpoints/2} stands in the text, as {@code line 7}. */
    public interface Places {
        /** The place, or an empty text if it is not known. */
        String of(String pointer);
    }

    private PolicyDocument() {}

    /**
     * What a file says.
     *
     * @param name of the file, for messages and as the origin of its rules
     * @throws PolicyException naming the place, what is wrong, and what to write instead
     */
    public static PolicyScope scope(JsonNode root, String name, Places places) {
        Origin origin = new Origin(Origin.Kind.FILE, name);
        return scope(root, name, places, origin, policy -> new Origin(Origin.Kind.FILE, name + ", policy '" + policy + "'"));
    }

    /** What a document says that stands for the place {@code origin} and defines policies of the origins given. */
    static PolicyScope scope(JsonNode root, String name, Places places, Origin origin, Function<String, Origin> definitions) {
        PolicySection document = new PolicySection(root == null ? MissingNode.getInstance() : root, "", name, places);
        if (root == null || !root.isObject()) {
            throw document.error("", "a policy is an object with the field 'version: 1'");
        }
        document.fields(OWN, PolicySection.MODES, PolicySection.LISTS);
        JsonNode version = document.value("version");
        if (!version.isInt() || version.intValue() != VERSION) {
            throw document.error("/version", version.isMissingNode()
                    ? "the field 'version: 1' is missing"
                    : "version " + Text.shown(version.asText(), 20) + " is not known, this program reads version 1");
        }
        PolicyScope.Builder scope = PolicyScope.builder(origin);
        PolicyLayer.Builder settings = document.lists(document.modes(PolicyLayer.builder(origin)));
        scope.settings(document.built(settings.ceiling(document.ceiling())));
        if (!document.value("floor").isMissingNode()) {
            PolicySection floor = document.section("floor");
            floor.fields(PolicySection.MODES);
            scope.floor(floor.built(floor.modes(PolicyLayer.builder(origin.limit(Origin.Kind.FLOOR)).floor(true))));
        }
        document.texts("extends", scope::parent);
        document.located("/policy", () -> scope.defaultPolicy(document.text("policy")));
        if (!document.value("policies").isMissingNode()) {
            PolicySection policies = document.section("policies");
            if (!document.value("policies").isObject()) {
                throw policies.error("", "must be an object of policies by their names");
            }
            for (Iterator<String> names = document.value("policies").fieldNames(); names.hasNext(); ) {
                scope.policy(policy(policies, names.next(), definitions));
            }
        }
        return document.located("", scope::build);
    }

    private static NamedPolicy policy(PolicySection policies, String name, Function<String, Origin> definitions) {
        policies.located("/" + name, () -> NamedPolicy.checkName(name));
        PolicySection section = policies.section(name);
        section.fields(POLICY, PolicySection.MODES, PolicySection.LISTS);
        List<String> parents = new ArrayList<>();
        section.texts("extends", parent -> parents.add(NamedPolicy.checkName(parent)));
        PolicyLayer content = section.built(section.lists(section.modes(PolicyLayer.builder(definitions.apply(name)))));
        return new NamedPolicy(name, section.text("description"), parents, content);
    }
}

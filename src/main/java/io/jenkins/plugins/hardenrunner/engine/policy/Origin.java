package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.Objects;

/**
 * Where a rule or a setting comes from.
 *
 * @param name the policy, folder, option or file; empty where the kind says it all
 */
public record Origin(Kind kind, String name) {
    /** The kinds of places that set policy. */
    public enum Kind {
        /** The {@code hardenRunner} step or wrapper. */
        STEP,
        /** A folder's configuration. */
        FOLDER,
        /** A policy that a folder defines: {@code folder/policy}. */
        FOLDER_POLICY,
        /** The global configuration, or a policy of this name in it. */
        GLOBAL,
        /** Minimums that an administrator set; the name says where. */
        FLOOR,
        /** A limit that an administrator set; the name says where. */
        CEILING,
        /** A list of blocked endpoints that is fetched from elsewhere. */
        FEED,
        /** The accepted baseline of the job. */
        BASELINE,
        /** An option of the command line. */
        COMMAND_LINE,
        /** A policy file that a person wrote. */
        FILE,
        /** A policy that comes with the product. */
        PRESET,
        /** The product's own defaults. */
        BUILTIN
    }

    /** What stands where nobody configured anything. */
    public static final Origin DEFAULTS = new Origin(Kind.BUILTIN, "");

    /** The step without a name. */
    public static final Origin STEP = new Origin(Kind.STEP, "");

    public Origin {
        Objects.requireNonNull(kind, "kind");
        name = name == null ? "" : name;
    }

    /** The floor or the ceiling of this place. */
    Origin limit(Kind limit) {
        return new Origin(limit, label());
    }

    /** How the place is called in messages: {@code step}, {@code global policy 'default'}, {@code --allow}. */
    public String label() {
        return switch (kind) {
            case STEP -> name.isEmpty() ? "step" : "step '" + name + "'";
            case FOLDER -> name.isEmpty() ? "folder" : "folder '" + name + "'";
            case FOLDER_POLICY -> "folder policy '" + name + "'";
            case GLOBAL -> name.isEmpty() ? "global configuration" : "global policy '" + name + "'";
            case FLOOR -> "floor of " + (name.isEmpty() ? "global configuration" : name);
            case CEILING -> "ceiling of " + (name.isEmpty() ? "global configuration" : name);
            case FEED -> "block-list feed '" + name + "'";
            case BASELINE -> name.isEmpty() ? "accepted baseline" : "accepted baseline of '" + name + "'";
            case COMMAND_LINE -> name.isEmpty() ? "command line" : name;
            case FILE -> name.isEmpty() ? "policy file" : "policy file " + name;
            case PRESET -> "preset '" + name + "'";
            case BUILTIN -> name.isEmpty() ? "built-in default" : name;
        };
    }
}

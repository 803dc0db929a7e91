package io.jenkins.plugins.hardenrunner.engine.policy;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What install scripts of packages may write beside their own package (docs/policy-file.md).
 *
 * @param packages a glob for the names of packages
 * @param path a glob for absolute paths
 */
public record ScriptWrite(String packages, String path) {
    private static final String ANY = "*";

    /** Where tools keep what they load when the workspace is the home folder, as it often is in containers. */
    private static final List<String> CACHES = List.of(".cache/**", ".npm/**");

    /** @throws PolicyException if one of both is no glob, or the path is not absolute */
    public ScriptWrite {
        Glob.parse(packages);
        Glob.parse(path);
        if (!path.startsWith("/")) {
            throw new PolicyException("script-write '" + Text.shown(path) + "' is not an absolute path");
        }
    }

    /**
     * What is given in a launch: by the policy's expected changes that name a package, to tools, and what stays writable
     * inside of a tree on purpose.
     */
    static List<ScriptWrite> of(List<ExpectedChange> expected, LaunchOptions options) {
        Set<ScriptWrite> writes = new LinkedHashSet<>();
        for (String tree : options.scriptTrees()) {
            String below = escaped(tree.endsWith("/") ? tree : tree + "/");
            for (ExpectedChange change : expected) {
                if (change.packageName() != null) {
                    String path = change.path().toString();
                    writes.add(new ScriptWrite(change.packageName().toString(), path.startsWith("/") ? path : below + path));
                }
            }
            CACHES.forEach(cache -> writes.add(new ScriptWrite(ANY, below + cache)));
            // Prisma's client is generated beside the package when it is installed.
            writes.add(new ScriptWrite("@prisma/client", below + "**/node_modules/.prisma/**"));
            for (String writable : options.fsWrite()) {
                if (writable.startsWith(tree.endsWith("/") ? tree : tree + "/")) {
                    writes.add(new ScriptWrite(ANY, escaped(writable) + "/**"));
                }
            }
        }
        return List.copyOf(writes);
    }

    private static String escaped(String path) {
        return path.replaceAll("([*?\\[\\]{},\\\\])", "\\\\$1");
    }
}

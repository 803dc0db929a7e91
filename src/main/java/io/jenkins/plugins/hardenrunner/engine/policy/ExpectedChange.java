package io.jenkins.plugins.hardenrunner.engine.policy;

/**
 * A change of sources that is meant: a generator, a formatter. It stays in the report, but is no finding.
 *
 * <p>As text: {@code GLOB}, {@code GLOB by PROCESS} or {@code GLOB by package:NAME}. The glob is relative to the work
 * tree or folder that the file belongs to, or absolute. A process is a glob for the program's path or name, or, of an
 * interpreter, for the script's. What install scripts of dependencies change is expected only if the rule names their
 * package: a rule for a path must not hide an attacker.
 *
 * @param process null for any
 * @param packageName null unless the rule is for an install script
 */
public record ExpectedChange(Glob path, Glob process, Glob packageName, Origin origin) {
    private static final String BY = " by ";
    private static final String PACKAGE = "package:";

    /**
     * Parses a rule.
     *
     * @throws PolicyException saying what is wrong
     */
    public static ExpectedChange parse(String text, Origin origin) {
        int by = text.lastIndexOf(BY);
        String path = by < 0 ? text.strip() : text.substring(0, by).strip();
        String who = by < 0 ? null : text.substring(by + BY.length()).strip();
        if (text.stripTrailing().endsWith(" by") || who != null && (who.isEmpty() || who.equals(PACKAGE))) {
            throw new PolicyException("'" + Text.shown(text) + "': a process or 'package:NAME' is missing after 'by'");
        }
        if (path.startsWith("./") || path.contains("/../") || path.startsWith("../")) {
            throw new PolicyException("'" + Text.shown(text) + "': the path begins at the work tree, without ./ or ../");
        }
        boolean ofPackage = who != null && who.startsWith(PACKAGE);
        return new ExpectedChange(Glob.parse(path), who == null || ofPackage ? null : Glob.parse(who),
                ofPackage ? Glob.parse(who.substring(PACKAGE.length())) : null, origin);
    }

    /** Whether the rule is about a file. @param root the work tree or folder, absolute; null if not known */
    public boolean matchesPath(String root, String absolute) {
        if (path.toString().startsWith("/")) {
            return path.matches(absolute);
        }
        return root != null && absolute.startsWith(root.endsWith("/") ? root : root + "/")
                && path.matches(absolute.substring(root.endsWith("/") ? root.length() : root.length() + 1));
    }

    /** The rule as it is written. */
    public String text() {
        return path + (process != null ? BY + process : packageName != null ? BY + PACKAGE + packageName : "");
    }
}

package io.jenkins.plugins.hardenrunner.engine.policy;

/** Checks of paths that stand in policies. */
final class LocalPath {
    private LocalPath() {}

    /** @throws PolicyException if the text is not an absolute path without {@code .} and {@code ..} */
    static String absolute(String path) {
        if (!path.startsWith("/") || unclear(path)) {
            throw new PolicyException("'" + Text.shown(path) + "' is not an absolute path without '.' and '..'");
        }
        return path;
    }

    /** @throws PolicyException if the text is neither such a path nor one under the home folder */
    static String homeOrAbsolute(String path) {
        if (!path.startsWith("/") && !path.startsWith("~/") || unclear(path)) {
            throw new PolicyException("'" + Text.shown(path) + "' is neither an absolute path nor one under '~/',"
                    + " without '.' and '..'");
        }
        return path;
    }

    private static boolean unclear(String path) {
        if (path.indexOf('\0') >= 0 || path.length() > 1024) {
            return true;
        }
        for (String part : path.split("/", -1)) {
            if (part.equals(".") || part.equals("..")) {
                return true;
            }
        }
        return false;
    }
}

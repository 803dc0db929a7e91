package io.jenkins.plugins.hardenrunner.engine.baseline;

import io.jenkins.plugins.hardenrunner.engine.report.Report;
import java.util.regex.Pattern;

/** Names programs so that the same one has the same name in the next build. */
final class Programs {
    /** What stands for a program that is not known. */
    static final String UNKNOWN = "?";

    private static final Pattern INTERPRETER = Pattern.compile("node|nodejs|python[0-9.]*|ruby[0-9.]*|perl|php[0-9.]*");

    /** Temporary files have such parts; version numbers like 3.11 or jdk21 have not. */
    private static final Pattern VARYING = Pattern.compile("(?=[0-9a-fA-F]*[0-9])[0-9a-fA-F]{6,}");

    private Programs() {}

    /**
     * The file name of the executable, for an interpreter with that of its script, and the npm package and lifecycle
     * script around it. The package's version is left out: an update of a dependency is no deviation.
     */
    static String of(Report.Lineage lineage) {
        if (lineage == null || lineage.processes.isEmpty()) {
            return UNKNOWN;
        }
        Report.LineageProcess process = lineage.processes.get(0);
        String name = base(process.exe == null ? "" : process.exe.replace(" (deleted)", ""));
        if (INTERPRETER.matcher(name).matches() && process.argv.size() > 1 && script(process.argv.get(1))) {
            name += " " + base(process.argv.get(1));
        }
        if (lineage.packageName != null) {
            name += " (" + lineage.packageName + (lineage.script == null ? "" : " " + lineage.script) + ")";
        }
        return name.isBlank() ? UNKNOWN : Subject.bounded(name, Limits.TEXT);
    }

    private static boolean script(String argument) {
        return !argument.startsWith("-") && argument.chars().noneMatch(Character::isWhitespace);
    }

    private static String base(String path) {
        return VARYING.matcher(path.substring(path.lastIndexOf('/') + 1)).replaceAll("*");
    }
}

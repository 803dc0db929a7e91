package io.jenkins.plugins.hardenrunner.node;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Jobs by path, one pattern a line: {@code team/app} is that job or everything in that folder, {@code *} stands for any
 * characters but a slash, {@code **} for any. Free of Jenkins types, so that it can be tested alone.
 */
final class JobPaths {
    private final List<Pattern> patterns = new ArrayList<>();

    private JobPaths() {}

    /** @throws PolicyException naming the line and what is wrong in it */
    @NonNull
    static JobPaths parse(@CheckForNull String text) {
        JobPaths paths = new JobPaths();
        int number = 0;
        for (String line : (text == null ? "" : text).split("\\R", -1)) {
            number++;
            String path = line.trim();
            if (path.isEmpty()) {
                continue;
            }
            if (path.startsWith("/") || path.endsWith("/") || path.contains("//")) {
                throw new PolicyException("line " + number + ": '" + path
                        + "' has an empty part; write the full name of a job or folder, such as team/app");
            }
            paths.patterns.add(Pattern.compile(regex(path) + "(/.*)?"));
        }
        return paths;
    }

    private static String regex(String path) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c != '*') {
                regex.append(Pattern.quote(String.valueOf(c)));
            } else if (i + 1 < path.length() && path.charAt(i + 1) == '*') {
                regex.append(".*");
                i++;
            } else {
                regex.append("[^/]*");
            }
        }
        return regex.toString();
    }

    /** @param fullName as {@link hudson.model.Item#getFullName()} has it */
    boolean contain(@NonNull String fullName) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(fullName).matches());
    }
}

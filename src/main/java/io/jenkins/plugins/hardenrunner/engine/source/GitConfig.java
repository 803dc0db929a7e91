package io.jenkins.plugins.hardenrunner.engine.source;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which settings stand in a git configuration. Values may be secrets (a token in a URL, an extra header), so only their
 * digests are kept: enough to say what changed.
 */
final class GitConfig {
    /** Settings with which git runs a program, reads another configuration, or fetches from somewhere else. */
    private static final Pattern RUNS_CODE = Pattern.compile(
            "core\\.(hookspath|fsmonitor|sshcommand|pager|editor|askpass|gitproxy|attributesfile|worktree|alternaterefscommand)"
                    + "|alias\\..*|filter\\..*|diff\\..*|merge\\..*|difftool\\..*|mergetool\\..*|credential\\..*|include(if)?\\..*"
                    + "|gpg\\..*|pager\\..*|sequence\\.editor|trailer\\..*|uploadpack\\..*|receive\\..*|ssh\\..*|protocol\\..*"
                    + "|url\\..*|remote\\..*|submodule\\..*|http\\..*|init\\.templatedir|sendemail\\..*|interactive\\.difffilter");

    private GitConfig() {}

    /** The settings with digests of their values, one a line; the form that a manifest keeps. */
    static byte[] listing(byte[] content) {
        StringBuilder out = new StringBuilder();
        settings(new String(content, StandardCharsets.UTF_8)).forEach((key, values) -> out.append(key).append('\t')
                .append(GitHash.hex(GitHash.digest("SHA-256").digest(String.join("\n", values).getBytes(StandardCharsets.UTF_8))))
                .append('\n'));
        return out.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The names of the settings in which two listings differ, those that make git run something marked. */
    static String changed(byte[] before, byte[] after) {
        Map<String, String> a = entries(before);
        Map<String, String> b = entries(after);
        TreeSet<String> names = new TreeSet<>(a.keySet());
        names.addAll(b.keySet());
        names.removeIf(name -> a.containsKey(name) && a.get(name).equals(b.get(name)));
        if (names.isEmpty()) {
            return null;
        }
        List<String> told = new ArrayList<>();
        for (String name : names) {
            if (told.size() == 20) {
                told.add("and " + (names.size() - 20) + " more");
                break;
            }
            // Subsections can be URLs with a password.
            told.add(name.replaceAll("://[^/@]*@", "://****@") + (runsCode(name) ? " (git runs or fetches what it names)" : ""));
        }
        return "changed settings: " + String.join(", ", told);
    }

    static boolean runsCode(String name) {
        return RUNS_CODE.matcher(name).matches();
    }

    /** The value of a setting; null if it is not set. The last one counts, as for git. */
    static String value(String text, String name) {
        List<String> values = settings(text).get(name);
        return values == null ? null : values.get(values.size() - 1);
    }

    private static Map<String, String> entries(byte[] listing) {
        Map<String, String> entries = new LinkedHashMap<>();
        if (listing != null) {
            for (String line : new String(listing, StandardCharsets.UTF_8).split("\n")) {
                int tab = line.lastIndexOf('\t');
                if (tab > 0) {
                    entries.put(line.substring(0, tab), line.substring(tab + 1));
                }
            }
        }
        return entries;
    }

    /** Sections and names in lower case, subsections as they stand; good enough to name what changed. */
    private static Map<String, List<String>> settings(String text) {
        Map<String, List<String>> settings = new LinkedHashMap<>();
        String section = "";
        for (String raw : text.replace("\\\n", " ").split("\n")) {
            String line = raw.strip();
            if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
                continue;
            }
            if (line.startsWith("[")) {
                int end = line.indexOf(']');
                String name = line.substring(1, end < 0 ? line.length() : end).strip();
                int quote = name.indexOf('"');
                section = quote < 0 ? name.toLowerCase(Locale.ROOT)
                        : name.substring(0, quote).strip().toLowerCase(Locale.ROOT) + "." + name.substring(quote).replace("\"", "");
                line = end < 0 ? "" : line.substring(end + 1).strip();
                if (line.isEmpty()) {
                    continue;
                }
            }
            int equals = line.indexOf('=');
            String key = (equals < 0 ? line : line.substring(0, equals)).strip().toLowerCase(Locale.ROOT);
            String value = equals < 0 ? "true" : line.substring(equals + 1).strip();
            settings.computeIfAbsent(section + "." + key, any -> new ArrayList<>()).add(value.replaceAll("^\"(.*)\"$", "$1"));
        }
        return settings;
    }
}

package io.jenkins.plugins.hardenrunner.cli;

import io.jenkins.plugins.hardenrunner.engine.Sha256;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.engine.report.ReportJson;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A report as one HTML file that opens from disk: the modules and styles of webapp/ and the data in one page.
 *
 * <p>The modules become data: URLs behind an import map, since a page from disk must not load its neighbours. The
 * content security policy names the page's own scripts and styles by their hashes and forbids all network, so that
 * text of a build that found a way into the markup could neither run nor report home.
 */
final class ReportHtml {
    private static final String PREFIX = "harden-runner/";
    private static final String ENTRY = "main.js";
    /** The styles that the page's Jelly view links, in its order. */
    private static final List<String> STYLES = List.of("base", "report", "lists", "panels", "narrow", "print");
    /** Relative specifiers in import and export declarations and in import(). */
    private static final Pattern SPECIFIER = Pattern.compile("(\\bfrom\\s*|\\bimport\\s*\\(?\\s*)(['\"])\\./([\\w./-]+\\.js)\\2");

    private ReportHtml() {}

    /** The page. @throws IOException if this build has no web resources */
    static String of(Report report) throws IOException {
        Map<String, String> modules = new TreeMap<>();
        collect(ENTRY, modules);
        Map<String, String> imports = new LinkedHashMap<>();
        modules.forEach((name, source) -> imports.put(PREFIX + name,
                "data:text/javascript;charset=utf-8;base64," + Base64.getEncoder().encodeToString(bare(source).getBytes(StandardCharsets.UTF_8))));
        StringBuilder map = new StringBuilder("{\"imports\":{");
        imports.forEach((name, url) -> map.append(map.charAt(map.length() - 1) == '{' ? "" : ",")
                .append('"').append(name).append("\":\"").append(url).append('"'));
        map.append("}}");
        String start = "import \"" + PREFIX + ENTRY + "\";";
        StringBuilder styles = new StringBuilder(resource("css/standalone.css", true));
        for (String name : STYLES) {
            styles.append('\n').append(resource("css/" + name + ".css", false));
        }
        String style = styles.toString();
        String policy = "default-src 'none'; script-src data: " + hash(map.toString()) + " " + hash(start)
                + "; style-src " + hash(style) + "; img-src data:; base-uri 'none'; form-action 'none'";
        return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"" + policy + "\">\n"
                + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                + "<meta name=\"referrer\" content=\"no-referrer\">\n"
                + "<title>Harden Runner report</title>\n"
                + "<style>" + style + "</style>\n"
                + "<script type=\"importmap\">" + map + "</script>\n"
                + "</head>\n<body>\n<main id=\"harden-runner-report\"></main>\n"
                + "<noscript>This report needs JavaScript to be shown; its data is in report.json.</noscript>\n"
                + "<script type=\"application/json\" id=\"harden-runner-data\">" + data(report) + "</script>\n"
                + "<script type=\"module\">" + start + "</script>\n</body>\n</html>\n";
    }

    /** JSON that cannot end the element it stands in, nor a line of an old script. */
    private static String data(Report report) throws IOException {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        ReportJson.write(report, json);
        return json.toString(StandardCharsets.UTF_8)
                .replace("<", "\\u003c")
                .replace("\u2028", "\\u2028")
                .replace("\u2029", "\\u2029");
    }

    private static void collect(String name, Map<String, String> modules) throws IOException {
        if (modules.containsKey(name)) {
            return;
        }
        String source = resource("js/" + name, false);
        modules.put(name, source);
        Matcher matcher = SPECIFIER.matcher(source);
        while (matcher.find()) {
            collect(matcher.group(3), modules);
        }
    }

    /** Bare specifiers, which an import map can resolve from a module without a folder. */
    static String bare(String source) {
        return SPECIFIER.matcher(source).replaceAll("$1$2" + PREFIX + "$3$2");
    }

    private static String hash(String text) {
        byte[] digest = Sha256.of(text.getBytes(StandardCharsets.UTF_8));
        return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    }

    private static String resource(String name, boolean optional) throws IOException {
        try (InputStream in = ReportHtml.class.getResourceAsStream("/webapp/" + name)) {
            if (in != null) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        }
        if (optional) {
            return "";
        }
        throw new FileNotFoundException("this build has no web resources (webapp/" + name + "): no HTML can be written");
    }
}

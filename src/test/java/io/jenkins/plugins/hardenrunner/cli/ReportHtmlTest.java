package io.jenkins.plugins.hardenrunner.cli;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.jenkins.plugins.hardenrunner.engine.policy.EffectivePolicy;
import io.jenkins.plugins.hardenrunner.engine.report.Report;
import io.jenkins.plugins.hardenrunner.engine.report.ReportBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReportHtmlTest {
    private static Report report(String command) {
        Report report = new ReportBuilder(EffectivePolicy.resolve(List.of())).build();
        report.command = List.of(command);
        return report;
    }

    private static String element(String page, String start) {
        int from = page.indexOf(start) + start.length();
        return page.substring(from, page.indexOf("</script>", from));
    }

    @Test
    void textOfABuildCannotLeaveTheDataElement() throws IOException {
        String hostile = "</script><script>alert(1)</script><!--<script>\u2028\u2029";
        String page = ReportHtml.of(report(hostile));
        String data = element(page, "id=\"harden-runner-data\">");
        assertThat(data, not(containsString("<")));
        assertThat(data, not(containsString("\u2028")));
        JsonNode read = new ObjectMapper().readTree(data);
        assertThat(read.at("/command/0").asText(), is(hostile));
    }

    @Test
    void everyModuleThatIsImportedIsInTheMap() throws IOException {
        String page = ReportHtml.of(report("x"));
        JsonNode imports = new ObjectMapper().readTree(element(page, "<script type=\"importmap\">")).path("imports");
        assertThat(imports.size(), greaterThan(3));
        Pattern specifier = Pattern.compile("(?:from|import)\\s*\\(?\\s*['\"]([^'\"]+\\.js)['\"]");
        for (Map.Entry<String, JsonNode> module : imports.properties()) {
            String url = module.getValue().asText();
            String source = new String(Base64.getDecoder().decode(url.substring(url.indexOf(',') + 1)), StandardCharsets.UTF_8);
            Matcher matcher = specifier.matcher(source);
            while (matcher.find()) {
                assertThat(module.getKey() + " imports " + matcher.group(1), imports.has(matcher.group(1)), is(true));
            }
        }
    }

    @Test
    void thePageLoadsNothingAndItsPolicyForbidsTheNetwork() throws IOException {
        String page = ReportHtml.of(report("x"));
        assertThat(page, containsString("default-src 'none'"));
        assertThat(page, not(containsString("unsafe-inline")));
        assertThat(Pattern.compile("<(?:script|link|img|iframe)\\b[^>]*\\b(?:src|href)=").matcher(page).find(), is(false));
    }

    @Test
    void onlySpecifiersAreRewritten() {
        assertThat(ReportHtml.bare("import {a} from './a.js';\nimport './b.js';\nconst c = import(\"./c.js\"); const d = './d.js';"),
                is("import {a} from 'harden-runner/a.js';\nimport 'harden-runner/b.js';\nconst c = import(\"harden-runner/c.js\"); const d = './d.js';"));
    }
}

package io.jenkins.plugins.hardenrunner.goat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Questions to a report.json (docs/report.md). */
final class ReportView {
    private final JsonNode report;

    ReportView(Path file) throws IOException {
        report = new ObjectMapper().readTree(file.toFile());
    }

    String text(String field) {
        return report.path(field).asText();
    }

    JsonNode at(String pointer) {
        return report.at(pointer);
    }

    Stream<JsonNode> all(String list) {
        return StreamSupport.stream(report.path(list).spliterator(), false);
    }

    /** The first finding of a kind whose text or evidence contains every word. */
    Optional<JsonNode> finding(String kind, String... words) {
        return all("findings")
                .filter(f -> f.path("kind").asText().equals(kind))
                .filter(f -> Stream.of(words).allMatch(w -> f.toString().contains(w)))
                .findFirst();
    }

    Optional<JsonNode> endpoint(String name, String protocol, int port) {
        return all("endpoints")
                .filter(e -> e.path("name").asText().equals(name)
                        && e.path("protocol").asText().equals(protocol)
                        && e.path("port").asInt() == port)
                .findFirst();
    }

    Optional<JsonNode> endpointAt(String address, int port) {
        return all("endpoints")
                .filter(e -> e.path("address").asText().equals(address)
                        && e.path("port").asInt() == port)
                .findFirst();
    }

    /** The lineages an endpoint, file or other row refers to. */
    List<JsonNode> lineages(JsonNode row) {
        List<String> ids = new ArrayList<>();
        row.path("lineages").forEach(id -> ids.add(id.asText()));
        return all("lineages").filter(l -> ids.contains(l.path("id").asText())).toList();
    }

    /** Where the rule with this id comes from; empty if no rule of the policy has it. */
    String origin(JsonNode id) {
        return StreamSupport.stream(report.at("/policy/rules").spliterator(), false)
                .filter(r -> r.path("id").equals(id))
                .map(r -> r.path("origin").asText())
                .findFirst()
                .orElse("");
    }

    /** Command lines of a lineage, nearest process first, arguments joined by spaces. */
    static List<String> commandLines(JsonNode lineage) {
        List<String> lines = new ArrayList<>();
        for (JsonNode process : lineage.path("processes")) {
            List<String> argv = new ArrayList<>();
            process.path("argv").forEach(a -> argv.add(a.asText()));
            lines.add(String.join(" ", argv));
        }
        return lines;
    }

    /** What a person would paste: the recommended endpoints without those that the report asks to review first. */
    List<String> recommended() {
        return StreamSupport.stream(report.at("/recommendation/allowedEndpoints").spliterator(), false)
                .filter(e -> e.path("note").asText("").isEmpty())
                .map(e -> e.path("endpoint").asText())
                .toList();
    }
}

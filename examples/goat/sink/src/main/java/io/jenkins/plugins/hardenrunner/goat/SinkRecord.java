package io.jenkins.plugins.hardenrunner.goat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a sink's log proves. */
final class SinkRecord {
    /** One label of the DNS exfiltrator: 60 hexadecimal digits, then its place in the row. */
    private static final Pattern TUNNEL_LABEL =
            Pattern.compile("([0-9a-f]{60})\\.([0-9]+)-of-([0-9]+)\\.malicious\\.test");

    private final List<JsonNode> lines = new ArrayList<>();

    SinkRecord(Path log) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        for (String line : Files.readAllLines(log)) {
            lines.add(mapper.readTree(line));
        }
    }

    /** Connections to the zone's address, on whatever port, with or without a byte sent. */
    long connections(Zone zone) {
        return lines.stream().filter(l -> isAt(l, zone) && is(l, "open")).count();
    }

    /** Application bytes received for the zone: decrypted for HTTPS, as they came for HTTP; ISO-8859-1, in order. */
    String received(Zone zone) {
        StringBuilder text = new StringBuilder();
        for (JsonNode line : lines) {
            String layer = line.path("server").asText().equals("https") ? "plaintext" : "wire";
            if (isAt(line, zone) && is(line, "received") && line.path("layer").asText().equals(layer)) {
                text.append(line.path("text")
                        .asText(new String(
                                Base64.getDecoder().decode(line.path("base64").asText()), StandardCharsets.ISO_8859_1)));
            }
        }
        return text.toString();
    }

    /** Names asked for in the zone, in order, with repetitions. */
    List<String> queries(Zone zone) {
        return lines.stream()
                .filter(l -> is(l, "query"))
                .map(l -> l.path("name").asText())
                .filter(n -> Zone.of(n).filter(zone::equals).isPresent())
                .toList();
    }

    /** Text that the DNS exfiltrator sent, put together from the names asked for; empty unless every piece arrived. */
    String tunnelled() {
        TreeMap<Integer, String> pieces = new TreeMap<>();
        int expected = -1;
        for (String name : queries(Zone.MALICIOUS)) {
            Matcher label = TUNNEL_LABEL.matcher(name);
            if (label.matches()) {
                pieces.put(Integer.valueOf(label.group(2)), label.group(1));
                expected = Integer.parseInt(label.group(3));
            }
        }
        if (pieces.size() != expected) {
            return "";
        }
        return new String(HexFormat.of().parseHex(String.join("", pieces.values())), StandardCharsets.UTF_8);
    }

    private static boolean isAt(JsonNode line, Zone zone) {
        return line.path("address").asText().equals(zone.address());
    }

    private static boolean is(JsonNode line, String event) {
        return line.path("event").asText().equals(event);
    }
}

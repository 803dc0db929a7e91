package io.jenkins.plugins.hardenrunner.testing;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** The forms in which a secret travels, by the libraries that others use. */
public final class Spelling {
    private Spelling() {}

    public static Map<String, String> of(String secret) {
        byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
        Map<String, String> forms = new LinkedHashMap<>();
        forms.put("plain", secret);
        forms.put("json", json(secret));
        forms.put("url", URLEncoder.encode(secret, StandardCharsets.UTF_8).replace("+", "%20"));
        forms.put("form", URLEncoder.encode(secret, StandardCharsets.UTF_8));
        forms.put("hex", HexFormat.of().formatHex(bytes));
        for (int before = 0; before < 3; before++) {
            forms.put("base64 at " + before, base64(Base64.getEncoder(), bytes, before));
            forms.put("base64url at " + before, base64(Base64.getUrlEncoder(), bytes, before));
        }
        return forms;
    }

    /** What stays the same in base64 whatever stands around the bytes. */
    private static String base64(Base64.Encoder encoder, byte[] bytes, int before) {
        String[] encoded = new String[2];
        for (int i = 0; i < 2; i++) {
            byte[] whole = new byte[before + bytes.length + 3];
            Arrays.fill(whole, (byte) (i == 0 ? 0 : 0xff));
            System.arraycopy(bytes, 0, whole, before, bytes.length);
            encoded[i] = encoder.encodeToString(whole);
        }
        StringBuilder same = new StringBuilder();
        for (int i = 0; i < encoded[0].length(); i++) {
            if (encoded[0].charAt(i) == encoded[1].charAt(i)) {
                same.append(encoded[0].charAt(i));
            }
        }
        return same.toString();
    }

    public static String json(String text) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(text));
    }

    public static String shell(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }
}

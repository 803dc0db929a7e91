package io.jenkins.plugins.hardenrunner.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.engine.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The supervisor's executable as the plugin carries it, with the digest that the build recorded. Controller side. */
public final class Helper {
    private static final String FOLDER = "/io/jenkins/plugins/hardenrunner/native/";
    private static final Map<String, Helper> LOADED = new ConcurrentHashMap<>();

    private final String sha256;
    private final byte[] bytes;

    private Helper(String sha256, byte[] bytes) {
        this.sha256 = sha256;
        this.bytes = bytes;
    }

    /** SHA-256 of the helper for each platform that the plugin carries one for. */
    @NonNull
    public static Map<String, String> digests() throws IOException {
        Map<String, String> digests = new TreeMap<>();
        Properties properties = properties();
        for (String key : properties.stringPropertyNames()) {
            if (key.endsWith(".sha256")) {
                digests.put(key.substring(0, key.length() - ".sha256".length()), properties.getProperty(key));
            }
        }
        return digests;
    }

    /**
     * The helper for one of the platforms in {@link #digests()}.
     *
     * @throws IOException if the plugin carries none, or its copy does not match the digest recorded when it was built
     */
    @NonNull
    public static Helper forPlatform(@NonNull String platform) throws IOException {
        Helper loaded = LOADED.get(platform);
        if (loaded == null) {
            loaded = load(platform);
            LOADED.put(platform, loaded);
        }
        return loaded;
    }

    private static Properties properties() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Helper.class.getResourceAsStream(FOLDER + "native.properties")) {
            if (in == null) {
                throw new IOException("the plugin was packaged without its helper (native.properties is missing)");
            }
            properties.load(in);
        }
        return properties;
    }

    private static Helper load(String platform) throws IOException {
        Properties properties = properties();
        byte[] bytes;
        try (InputStream in = Helper.class.getResourceAsStream(FOLDER + platform + "/harden-helper")) {
            if (in == null) {
                throw new IOException("the plugin was packaged without its helper for " + platform);
            }
            bytes = in.readAllBytes();
        }
        String sha256 = properties.getProperty(platform + ".sha256");
        String actual = Sha256.hex(bytes);
        if (!actual.equals(sha256) || !Integer.toString(bytes.length).equals(properties.getProperty(platform + ".size"))) {
            throw new IOException("the plugin's helper for " + platform + " is damaged: SHA-256 " + actual
                    + ", expected " + sha256);
        }
        return new Helper(sha256, bytes);
    }

    /** SHA-256 in lower-case hexadecimal. */
    @NonNull
    public String sha256() {
        return sha256;
    }

    /** A copy of the executable. */
    @NonNull
    public byte[] bytes() {
        return bytes.clone();
    }
}

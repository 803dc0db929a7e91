package io.jenkins.plugins.hardenrunner.agent;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import java.util.Locale;

/** The platform of the JVM that asks: which helper it needs, or why there is none for it. */
public final class Platform {
    private Platform() {}

    /** The platform as the helper's folder is called, such as {@code linux-x86_64}; null if there is no helper for it. */
    @CheckForNull
    public static String current() {
        return of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    }

    @CheckForNull
    static String of(@NonNull String name, @NonNull String architecture) {
        if (!name.toLowerCase(Locale.ROOT).equals("linux")) {
            return null;
        }
        return switch (architecture.toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> "linux-x86_64";
            case "aarch64", "arm64" -> "linux-aarch64";
            default -> null;
        };
    }

    /** What to tell about a platform that is not supported. */
    @NonNull
    static String unsupported() {
        return "supervision needs Linux on x86_64 or aarch64, this agent is " + System.getProperty("os.name") + " on "
                + System.getProperty("os.arch");
    }
}

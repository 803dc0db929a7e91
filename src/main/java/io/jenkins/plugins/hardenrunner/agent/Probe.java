package io.jenkins.plugins.hardenrunner.agent;

import edu.umd.cs.findbugs.annotations.NonNull;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Asks the helper what this kernel and user allow. Runs in the agent's JVM; the answer holds for its lifetime. */
final class Probe {
    private static final Map<String, String> ANSWERS = new ConcurrentHashMap<>();
    private static final int TRIES = 4;
    private static final int MAX_ANSWER = 64 << 10;

    private Probe() {}

    /**
     * The helper's answer, a JSON object.
     *
     * @param anew whether an answer that is known already does not count
     */
    @NonNull
    static String run(@NonNull Path helper, @NonNull String sha256, boolean anew)
            throws IOException, InterruptedException {
        String known = anew ? null : ANSWERS.get(sha256);
        if (known != null) {
            return known;
        }
        for (int attempt = 1; ; attempt++) {
            try {
                String answer = ask(helper);
                ANSWERS.put(sha256, answer);
                return answer;
            } catch (IOException e) {
                // Another thread that forked while we wrote the helper still has it open for writing (ETXTBSY).
                if (attempt == TRIES || !String.valueOf(e.getMessage()).contains("error=26")) {
                    throw e;
                }
                Thread.sleep(50L * attempt);
            }
        }
    }

    private static String ask(Path helper) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(helper.toString(), "probe", "--json")
                .redirectInput(new File("/dev/null"))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (InputStream out = process.getInputStream()) {
            byte[] answer = out.readNBytes(MAX_ANSWER);
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                throw new IOException("'harden-helper probe' did not end within 10 seconds");
            }
            String text = new String(answer, StandardCharsets.UTF_8).trim();
            if (text.isEmpty()) {
                throw new IOException("'harden-helper probe' ended with " + process.exitValue() + " and said nothing");
            }
            return text;
        } finally {
            process.destroyForcibly();
        }
    }
}

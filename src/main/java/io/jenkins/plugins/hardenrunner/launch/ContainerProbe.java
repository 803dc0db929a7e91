package io.jenkins.plugins.hardenrunner.launch;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.Launcher;
import hudson.Proc;
import hudson.model.TaskListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * Asks the helper inside a container what it can do there: whether its folder is mounted and may be executed from,
 * what the container's seccomp profile leaves, and as which user commands run. The agent's JVM cannot know.
 */
final class ContainerProbe {
    private static final int TRIES = 3;
    private static final int TIMEOUT_SECONDS = 60;

    private final Launcher launcher;
    private final UnaryOperator<List<String>> enter;
    private final TaskListener listener;

    /** @param enter makes a command line for {@code launcher} of one that is to run in the container */
    ContainerProbe(@NonNull Launcher launcher, @NonNull UnaryOperator<List<String>> enter, @NonNull TaskListener listener) {
        this.launcher = launcher;
        this.enter = enter;
        this.listener = listener;
    }

    /**
     * The helper's answer, a JSON object.
     *
     * @throws IOException if the helper does not run there; the message says what the container said
     */
    @NonNull
    String ask(@NonNull String helper) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            List<String> question = CommandLine.escape(List.of(helper, "probe", "--json"));
            // Blocks around this one let it pass: supervised, the helper would answer that it cannot supervise.
            Proc proc = InnerLaunch.during(null, question, () ->
                    launcher.launch().cmds(enter.apply(question)).quiet(true).stdout(out).start());
            int status = proc.joinWithTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS, listener);
            String text = out.toString(StandardCharsets.UTF_8);
            // Some launchers mix what a shell says into the output.
            String answer = text.lines().filter(line -> line.startsWith("{")).reduce("", (first, last) -> last);
            if (status == 0 && !answer.isEmpty()) {
                return answer;
            }
            // A file that was written a moment ago can still be busy (ETXTBSY).
            if (attempt == TRIES || !text.contains("busy")) {
                throw new IOException("the helper " + helper + " does not run in the container (exit status " + status
                        + (text.isBlank() ? "" : ", \"" + text.strip() + "\"")
                        + "); the workspace's temporary folder must be mounted there and allow execution");
            }
            Thread.sleep(100L * attempt);
        }
    }
}

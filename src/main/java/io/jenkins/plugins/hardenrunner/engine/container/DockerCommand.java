package io.jenkins.plugins.hardenrunner.engine.container;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a command line of the Docker client does, as far as supervision is concerned. The processes of a container are
 * children of the daemon and not of the client, so a helper around the client would see nothing of them; it has to
 * stand inside, before the command that {@code docker exec} starts.
 *
 * @param kind what is to be done about it
 * @param container the container that {@code exec} enters; empty for other kinds
 * @param commandAt index in the command line where the helper has to be inserted; 0 for other kinds than EXEC
 * @param description the client's command, without values that may be secret
 */
public record DockerCommand(Kind kind, String container, int commandAt, String description) {
    /** What a command line is. */
    public enum Kind {
        /** Not a call of the Docker client. */
        OTHER,
        /** Runs a command in a container that exists. */
        EXEC,
        /** What the Docker Pipeline plugin does itself to start, look at, and remove a container. */
        MANAGEMENT,
        /** A call whose effect is not known; it cannot be supervised. */
        UNKNOWN
    }

    private static final Set<String> EXEC_VALUES =
            Set.of("--workdir", "-w", "--env", "-e", "--user", "-u", "--env-file");
    private static final Set<String> EXEC_FLAGS = Set.of("--tty", "-t", "--interactive", "-i", "-it", "-ti", "--privileged");
    private static final Pattern CONTAINER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");
    private static final Pattern ASSIGNMENT = Pattern.compile("[A-Za-z_][^=]*=(?s:.*)");
    private static final Set<String> MANAGEMENT = Set.of("-v", "--version", "inspect", "run", "top", "stop", "rm");
    /** How that plugin looks for the processes of a step that is aborted, and ends them. */
    private static final List<String> PS = List.of("ps", "-A", "-o", "pid,command", "e");

    public DockerCommand {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(container, "container");
        Objects.requireNonNull(description, "description");
    }

    /**
     * Reads a command line as a launcher gets it. Steps start their scripts with a shell, so that a client called by
     * a script never comes here; what does come here was put together by a plugin.
     */
    public static DockerCommand parse(List<String> argv) {
        if (argv.isEmpty() || !isClient(argv.get(0))) {
            // "nice docker exec c sh": whoever put the first word there can have put others that we do not understand.
            return hasExec(argv)
                    ? new DockerCommand(Kind.UNKNOWN, "", 0, "docker exec behind another command")
                    : new DockerCommand(Kind.OTHER, "", 0, "");
        }
        String command = argv.size() < 2 ? "" : argv.get(1);
        String description = ("docker " + command).trim();
        if (command.equals("exec")) {
            return exec(argv);
        }
        return new DockerCommand(MANAGEMENT.contains(command) ? Kind.MANAGEMENT : Kind.UNKNOWN, "", 0, description);
    }

    private static boolean isClient(String program) {
        return program.substring(program.lastIndexOf('/') + 1).equals("docker");
    }

    private static boolean hasExec(List<String> argv) {
        for (int i = 0; i + 1 < argv.size(); i++) {
            if (isClient(argv.get(i)) && argv.get(i + 1).equals("exec")) {
                return true;
            }
        }
        return false;
    }

    private static DockerCommand exec(List<String> argv) {
        int i = 2;
        for (; i < argv.size() && argv.get(i).startsWith("-"); i++) {
            String option = argv.get(i);
            int equals = option.indexOf('=');
            if (EXEC_VALUES.contains(option)) {
                i++;
            } else if (!EXEC_FLAGS.contains(option)
                    && !(option.startsWith("--") && equals > 0 && EXEC_VALUES.contains(option.substring(0, equals)))) {
                // An option that is not known may take the next word as its value, and then nothing here is certain.
                return new DockerCommand(Kind.UNKNOWN, "", 0, "docker exec with an option that is not known");
            }
        }
        if (i + 1 >= argv.size() || !CONTAINER.matcher(argv.get(i)).matches()) {
            return new DockerCommand(Kind.UNKNOWN, "", 0, "docker exec without a container or a command");
        }
        String container = argv.get(i);
        int commandAt = i + 1;
        List<String> command = argv.subList(commandAt, argv.size());
        if (hasExec(command)) {
            // The inner client is a program of the container, which a build can have replaced.
            return new DockerCommand(Kind.UNKNOWN, "", 0, "docker exec inside a container");
        }
        if (command.equals(PS) || isKill(command)) {
            return new DockerCommand(Kind.MANAGEMENT, "", 0, "docker exec " + command.get(0));
        }
        return new DockerCommand(Kind.EXEC, container, commandAt + assignments(command), "docker exec");
    }

    private static boolean isKill(List<String> command) {
        return command.size() > 1
                && command.get(0).equals("kill")
                && command.stream().skip(1).allMatch(pid -> pid.matches("[0-9]+"));
    }

    /**
     * For clients before 1.13 the plugin has {@code env NAME=VALUE… command}. The helper goes behind it: it finds the
     * values that it has to redact in its own environment.
     */
    private static int assignments(List<String> command) {
        if (!command.get(0).equals("env")) {
            return 0;
        }
        int i = 1;
        while (i < command.size() && ASSIGNMENT.matcher(command.get(i)).matches()) {
            i++;
        }
        return i == 1 || i == command.size() ? 0 : i;
    }

    /** The command line that starts another command in the same container, with the same options. */
    public List<String> inside(List<String> argv, List<String> command) {
        if (kind != Kind.EXEC) {
            throw new IllegalStateException(description + " enters no container");
        }
        List<String> other = new ArrayList<>(argv.subList(0, commandAt));
        other.addAll(command);
        return other;
    }
}

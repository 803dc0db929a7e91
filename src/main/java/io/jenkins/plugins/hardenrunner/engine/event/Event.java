package io.jenkins.plugins.hardenrunner.engine.event;

import io.jenkins.plugins.hardenrunner.engine.policy.Verdict;
import java.util.List;
import java.util.Map;

/**
 * What the helper recorded (docs/events.md). Strings come from hostile programs: they hold anything, and whoever
 * shows them must make them harmless for the place where they are shown.
 */
public sealed interface Event {
    /** Number and time. */
    Head head();

    /**
     * What all events have.
     *
     * @param seq 1, 2, 3 …
     * @param time wall clock, milliseconds since 1970
     * @param monotonic microseconds since the helper started
     */
    record Head(long seq, long time, long monotonic) {}

    /** A protection that this machine lacks. */
    record Missing(String protection, String reason) {}

    /** The npm package whose lifecycle script a process belongs to; version and script may be empty. */
    record NpmPackage(String name, String version, String script) {}

    /** The first event. */
    record Start(
            Head head,
            int schema,
            String helper,
            String nonce,
            String policy,
            String egress,
            List<String> command,
            String cwd,
            long pid,
            long uid,
            String kernel,
            String arch,
            String state,
            List<Missing> degraded,
            Map<String, String> tags)
            implements Event {}

    /** A process image: one per execve. A later one with the same id replaces the earlier. */
    record Image(
            Head head,
            long id,
            long parent,
            long pid,
            long ppid,
            String exe,
            List<String> argv,
            String cwd,
            String source,
            NpmPackage npmPackage)
            implements Event {}

    /**
     * A network operation.
     *
     * @param address for tcp and udp, else empty
     * @param name the name bound to the address, or null
     * @param path for unix sockets, else empty
     * @param local the address and port of this side, for connections from outside, else empty and 0
     * @param count how many connections from outside the event stands for, else 1
     * @param errno the symbol if the call was refused, or null
     */
    record Net(
            Head head,
            long image,
            long pid,
            String operation,
            String protocol,
            String address,
            int port,
            String name,
            String path,
            String local,
            int localPort,
            long count,
            Verdict verdict,
            String rule,
            String errno)
            implements Event {}

    /** A DNS query and its answer. */
    record Dns(
            Head head,
            long image,
            long pid,
            String name,
            String type,
            String transport,
            Verdict verdict,
            String rule,
            String rcode,
            List<String> answers)
            implements Event {}

    /** A file operation. @param to the other path of a rename or link, or null */
    record FileAccess(
            Head head,
            long image,
            long pid,
            String operation,
            String path,
            String to,
            boolean create,
            boolean truncate,
            Verdict verdict,
            String rule)
            implements Event {}

    /** A system call that is refused whatever the policy. */
    record Refused(Head head, long image, long pid, String what, String detail, String errno) implements Event {}

    /** The command ended. */
    record Exit(Head head, int status, int signal) implements Event {}

    /** A cap was reached. */
    record Truncated(Head head, String limit) implements Event {}

    /** The event file was not what the helper had written. */
    record Tampered(Head head, String detail) implements Event {}

    /** The last event. */
    record End(Head head, long events, long dropped, long processes, long notifications, boolean intact)
            implements Event {}
}

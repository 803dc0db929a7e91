package io.jenkins.plugins.hardenrunner.cli;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Keeps this program alive through signals that are meant for the command, so that the report is still written.
 *
 * <p>{@code sun.misc.Signal} is the only way to do this in Java; it is reached by reflection because naming it is a
 * compiler warning that cannot be switched off, and because without it the program still works.
 */
final class Signals {
    private Signals() {}

    /** Calls back with the name of each of these signals that arrives, unless it was ignored when the program began. */
    static void handle(Set<String> names, Consumer<String> callback) {
        long ignored = ignoredMask();
        for (String name : names) {
            int number = switch (name) {
                case "HUP" -> 1;
                case "INT" -> 2;
                case "QUIT" -> 3;
                case "TERM" -> 15;
                default -> throw new IllegalArgumentException(name);
            };
            // nohup and shells' background jobs ignore signals for us; the command inherits that, so it must stay.
            if ((ignored >>> number - 1 & 1) == 0) {
                install(name, callback);
            }
        }
    }

    private static void install(String name, Consumer<String> callback) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler invocation = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    callback.accept(name);
                    yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == arguments[0];
                default -> name;
            };
            Object instance = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, invocation);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), instance);
        } catch (ReflectiveOperationException | RuntimeException e) {
            // The JVM keeps the signal to itself (-Xrs): a signal then ends this program, as it would any other.
            return;
        }
    }

    private static long ignoredMask() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("SigIgn:")) {
                    return Long.parseUnsignedLong(line.substring(7).trim(), 16);
                }
            }
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
        return 0;
    }
}

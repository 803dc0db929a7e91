package io.jenkins.plugins.hardenrunner.build;

import java.io.IOException;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Lists what the compiled signatures promise, one tab-separated line each:
 *
 * <pre>
 * type    NAME  KIND        MODIFIERS
 * super   NAME  SUPERTYPE
 * field   NAME  FIELD       DESCRIPTOR  MODIFIERS
 * method  NAME  METHOD      DESCRIPTOR  MODIFIERS  CHECKED EXCEPTIONS
 * </pre>
 *
 * Members that a plugin cannot reach (private and package-private ones) are left out: they are there to make the
 * signatures compile.
 */
final class Signatures {
    private static final int MODIFIERS = Modifier.PUBLIC | Modifier.PROTECTED | Modifier.STATIC | Modifier.ABSTRACT;

    private Signatures() {}

    static List<String> of(Path classes) throws IOException, ReflectiveOperationException {
        Set<String> lines = new TreeSet<>();
        List<Path> files;
        try (Stream<Path> all = Files.walk(classes)) {
            files = all.filter(file -> file.toString().endsWith(".class")).toList();
        }
        for (Path file : files) {
            String name = classes.relativize(file).toString().replace('/', '.').replaceAll("\\.class$", "");
            if (!name.startsWith("io.jenkins.plugins.hardenrunner.build.")) {
                describe(Class.forName(name, false, Signatures.class.getClassLoader()), lines);
            }
        }
        return new ArrayList<>(lines);
    }

    private static void describe(Class<?> type, Set<String> lines) {
        String name = type.getName();
        String kind = type.isAnnotation() ? "annotation" : type.isInterface() ? "interface" : type.isEnum() ? "enum" : "class";
        lines.add(line("type", name, kind, modifiers(type.getModifiers())));
        if (type.getSuperclass() != null && type.getSuperclass() != Object.class) {
            lines.add(line("super", name, type.getSuperclass().getName()));
        }
        for (Class<?> parent : type.getInterfaces()) {
            lines.add(line("super", name, parent.getName()));
        }
        for (Field field : type.getDeclaredFields()) {
            if (isReachable(field.getModifiers()) && !field.isSynthetic()) {
                lines.add(line("field", name, field.getName(), field.getType().descriptorString(), modifiers(field.getModifiers())));
            }
        }
        for (Method method : type.getDeclaredMethods()) {
            if (!method.isSynthetic()) {
                add(lines, name, method.getName(), method.getReturnType(), method);
            }
        }
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            add(lines, name, "<init>", void.class, constructor);
        }
    }

    private static void add(Set<String> lines, String type, String name, Class<?> returned, Executable executable) {
        if (isReachable(executable.getModifiers())) {
            String descriptor = MethodType.methodType(returned, executable.getParameterTypes()).descriptorString();
            String thrown = Arrays.stream(executable.getExceptionTypes())
                    .filter(Signatures::isChecked)
                    .map(Class::getName)
                    .sorted()
                    .collect(Collectors.joining(" "));
            lines.add(line("method", type, name, descriptor, modifiers(executable.getModifiers()), thrown));
        }
    }

    private static boolean isChecked(Class<?> exception) {
        return !RuntimeException.class.isAssignableFrom(exception) && !Error.class.isAssignableFrom(exception);
    }

    private static boolean isReachable(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static String modifiers(int modifiers) {
        return Modifier.toString(modifiers & MODIFIERS);
    }

    private static String line(String... columns) {
        return String.join("\t", columns).stripTrailing();
    }
}

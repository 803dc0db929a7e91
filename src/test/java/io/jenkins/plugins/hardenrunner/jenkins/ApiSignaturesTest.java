package io.jenkins.plugins.hardenrunner.jenkins;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;

import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The other side of central-build's signatures: each line of the committed list is looked up in the real classes.
 * A member may be declared by a supertype there, since the signatures leave out types that nobody names.
 */
class ApiSignaturesTest {
    private final List<String> problems = new ArrayList<>();

    @Test
    void signaturesAreThoseOfJenkins() throws Exception {
        List<String> lines = Files.readAllLines(Path.of("central-build/api-signatures.txt"));
        assertThat(lines.size(), greaterThan(200));
        for (String line : lines) {
            String[] columns = Arrays.copyOf(line.split("\t", -1), 6);
            try {
                Class<?> type = Class.forName(columns[1], false, getClass().getClassLoader());
                switch (columns[0]) {
                    case "type" -> type(line, type, columns[2], words(columns[3]));
                    case "super" -> expect(line, Class.forName(columns[2]).isAssignableFrom(type), "is no supertype");
                    case "field" -> field(line, type, columns[2], columns[3], words(columns[4]));
                    case "method" -> method(line, type, columns[2], columns[3], words(columns[4]), words(columns[5]));
                    default -> problems.add(line + ": unknown kind of line");
                }
            } catch (ReflectiveOperationException | LinkageError e) {
                problems.add(line + ": " + e);
            }
        }
        assertThat(String.join("\n", problems), problems, empty());
    }

    private static Set<String> words(String text) {
        return text == null || text.isEmpty() ? Set.of() : Set.of(text.split(" "));
    }

    private void expect(String line, boolean condition, String problem) {
        if (!condition) {
            problems.add(line + ": " + problem);
        }
    }

    private void type(String line, Class<?> type, String kind, Set<String> modifiers) {
        String actual = type.isAnnotation() ? "annotation" : type.isInterface() ? "interface" : type.isEnum() ? "enum" : "class";
        expect(line, actual.equals(kind), "is " + actual);
        expect(line, Modifier.isAbstract(type.getModifiers()) == modifiers.contains("abstract"), "differs in abstract");
        expect(line, type.getEnclosingClass() == null
                || Modifier.isStatic(type.getModifiers()) == modifiers.contains("static"), "differs in static");
        visible(line, type.getModifiers(), modifiers);
    }

    private void field(String line, Class<?> type, String name, String descriptor, Set<String> modifiers) {
        for (Class<?> holder : holders(type, new ArrayList<>())) {
            for (Field field : holder.getDeclaredFields()) {
                if (field.getName().equals(name) && field.getType().descriptorString().equals(descriptor)) {
                    member(line, field, modifiers);
                    return;
                }
            }
        }
        problems.add(line + ": there is none");
    }

    private void method(
            String line, Class<?> type, String name, String descriptor, Set<String> modifiers, Set<String> thrown) {
        Executable found = name.equals("<init>") ? constructor(type, descriptor) : find(type, name, descriptor);
        if (found == null) {
            problems.add(line + ": there is none");
            return;
        }
        member(line, found, modifiers);
        if (found.getDeclaringClass() == type) {
            expect(line, Modifier.isAbstract(found.getModifiers()) == modifiers.contains("abstract"), "differs in abstract");
        }
        Set<String> actual = Arrays.stream(found.getExceptionTypes())
                .filter(e -> !RuntimeException.class.isAssignableFrom(e) && !Error.class.isAssignableFrom(e))
                .map(Class::getName)
                .collect(Collectors.toSet());
        expect(line, actual.equals(thrown), "throws " + actual);
    }

    private static Executable constructor(Class<?> type, String descriptor) {
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (MethodType.methodType(void.class, constructor.getParameterTypes()).descriptorString().equals(descriptor)) {
                return constructor;
            }
        }
        return null;
    }

    private static Executable find(Class<?> type, String name, String descriptor) {
        for (Class<?> holder : holders(type, new ArrayList<>())) {
            for (Method method : holder.getDeclaredMethods()) {
                if (method.getName().equals(name)
                        && MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                                .descriptorString()
                                .equals(descriptor)) {
                    return method;
                }
            }
        }
        return null;
    }

    /** The type, its superclasses, then its interfaces: the order in which the JVM looks. */
    private static List<Class<?>> holders(Class<?> type, List<Class<?>> found) {
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            found.add(c);
        }
        for (Class<?> c = type; c != null; c = c.getSuperclass()) {
            for (Class<?> parent : c.getInterfaces()) {
                holders(parent, found);
            }
        }
        return found;
    }

    private void member(String line, Member member, Set<String> modifiers) {
        expect(line, Modifier.isStatic(member.getModifiers()) == modifiers.contains("static"), "differs in static");
        visible(line, member.getModifiers(), modifiers);
    }

    /** What we compile against must not be more visible than what we run against. */
    private void visible(String line, int actual, Set<String> modifiers) {
        if (modifiers.contains("public")) {
            expect(line, Modifier.isPublic(actual), "is not public");
        } else {
            expect(line, Modifier.isPublic(actual) || Modifier.isProtected(actual), "cannot be reached");
        }
    }
}

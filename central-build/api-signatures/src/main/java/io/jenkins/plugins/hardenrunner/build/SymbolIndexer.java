package io.jenkins.plugins.hardenrunner.build;

import java.io.IOException;
import java.io.Writer;
import java.util.Set;
import java.util.TreeSet;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic;
import javax.tools.StandardLocation;

/**
 * Writes the index by which Jenkins finds classes with {@code @Symbol}: their binary names, one a line. The canonical
 * build has annotation-indexer for that, of which Maven Central carries only a version that fails on current JDKs.
 */
@SupportedAnnotationTypes("org.jenkinsci.Symbol")
public final class SymbolIndexer extends AbstractProcessor {
    private final Set<String> names = new TreeSet<>();

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latest();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        for (TypeElement annotation : annotations) {
            for (Element element : round.getElementsAnnotatedWith(annotation)) {
                names.add(processingEnv.getElementUtils().getBinaryName((TypeElement) element).toString());
            }
        }
        if (round.processingOver() && !names.isEmpty()) {
            write();
        }
        return false;
    }

    private void write() {
        try (Writer out = processingEnv
                .getFiler()
                .createResource(StandardLocation.CLASS_OUTPUT, "", "META-INF/services/annotations/org.jenkinsci.Symbol")
                .openWriter()) {
            for (String name : names) {
                out.write(name + "\n");
            }
        } catch (IOException e) {
            processingEnv.getMessager().printMessage(Diagnostic.Kind.ERROR, "cannot write the index of symbols: " + e);
        }
    }
}

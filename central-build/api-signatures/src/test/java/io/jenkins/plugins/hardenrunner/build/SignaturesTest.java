package io.jenkins.plugins.hardenrunner.build;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * One side of the check that the signatures are Jenkins' own. The other side, ApiSignaturesTest in the canonical
 * build, looks each line of the committed list up in the real classes.
 */
class SignaturesTest {
    @Test
    void committedListIsWhatTheSignaturesPromise() throws Exception {
        List<String> actual = Signatures.of(Path.of(System.getProperty("signatures.classes")));
        Path written = Path.of(System.getProperty("signatures.actual"));
        Files.write(written, actual);
        List<String> committed = Files.readAllLines(Path.of(System.getProperty("signatures.file")));
        List<String> added = new ArrayList<>(actual);
        added.removeAll(committed);
        List<String> gone = new ArrayList<>(committed);
        gone.removeAll(actual);
        String remedy = "copy " + written + " over central-build/api-signatures.txt and run the canonical build";
        assertThat(remedy + "; added " + added + ", gone " + gone, actual.equals(committed), is(true));
    }
}

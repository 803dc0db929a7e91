package io.jenkins.plugins.hardenrunner.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.config.PolicyForms;
import io.jenkins.plugins.hardenrunner.engine.baseline.BlockBaseline;
import io.jenkins.plugins.hardenrunner.engine.baseline.Deviation;
import io.jenkins.plugins.hardenrunner.engine.baseline.Review;
import io.jenkins.plugins.hardenrunner.engine.baseline.Subject;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.kohsuke.stapler.StaplerRequest2;

/** What a review asks for (docs/baseline.md). Methods throw PolicyException, which names the parameter. */
final class ReviewParameters {
    private static final int MOST = 500;

    private final StaplerRequest2 request;

    ReviewParameters(@NonNull StaplerRequest2 request) {
        this.request = request;
    }

    @CheckForNull
    String text(@NonNull String name) {
        return PolicyForms.blankToNull(request.getParameter(name));
    }

    @NonNull
    String required(@NonNull String name) {
        String text = text(name);
        if (text == null) {
            throw new PolicyException(name + ": this parameter is missing");
        }
        return text;
    }

    @NonNull
    String block() {
        return required("block");
    }

    @NonNull
    List<String> ids() {
        String[] ids = request.getParameterValues("id");
        if (ids == null || ids.length == 0) {
            throw new PolicyException("id: this parameter is missing");
        }
        if (ids.length > MOST) {
            throw new PolicyException("id: at most " + MOST + " at once");
        }
        return List.of(ids);
    }

    /** The deviations that are named by id, or the one subject that is described. */
    @NonNull
    List<Subject> subjects(@NonNull BlockBaseline block) {
        if (request.getParameterValues("id") == null) {
            return List.of(described());
        }
        List<Subject> subjects = new ArrayList<>();
        for (String id : ids()) {
            subjects.add(block.deviations().stream()
                    .filter(deviation -> deviation.id().equals(id))
                    .map(Deviation::subject)
                    .findFirst()
                    .orElseThrow(() -> new Review.NotFoundException(
                            "no deviation " + id + " waits in block '" + block.name() + "'; somebody may have reviewed it meanwhile")));
        }
        return subjects;
    }

    private Subject described() {
        String path = text("path");
        Subject target = path != null ? Subject.file(path) : Subject.endpoint(required("protocol"), required("host"), port());
        String program = text("program");
        return program == null || program.equals("*") ? target : target.by(program);
    }

    private int port() {
        try {
            return Integer.parseInt(required("port"));
        } catch (NumberFormatException e) {
            throw new PolicyException("port: '" + text("port") + "' is no number", e);
        }
    }

    /** Who may use a subject beside those that were seen. What is described without a program is accepted for any. */
    @NonNull
    List<String> programs(@NonNull Subject subject) {
        boolean described = request.getParameterValues("id") == null;
        return "*".equals(text("program")) || described && subject.program() == null ? List.of("*") : List.of();
    }

    /** When an acceptance ends; a date means its end in UTC. */
    @CheckForNull
    Instant until() {
        String text = text("until");
        if (text == null) {
            return null;
        }
        try {
            return text.length() == 10
                    ? LocalDate.parse(text).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : Instant.parse(text);
        } catch (DateTimeException e) {
            throw new PolicyException("until: '" + text + "' is neither a date such as 2026-12-31 nor a time such as 2026-12-31T12:00:00Z", e);
        }
    }
}

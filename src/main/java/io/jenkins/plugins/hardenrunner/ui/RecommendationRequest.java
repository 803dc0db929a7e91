package io.jenkins.plugins.hardenrunner.ui;

import edu.umd.cs.findbugs.annotations.CheckForNull;
import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Job;
import io.jenkins.plugins.hardenrunner.collect.JobReports;
import io.jenkins.plugins.hardenrunner.config.PolicyForms;
import io.jenkins.plugins.hardenrunner.engine.policy.PolicyException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/** Somebody asks what policy the last builds of a job would need. */
final class RecommendationRequest {
    private final Job<?, ?> job;
    private final StaplerRequest2 request;
    private final StaplerResponse2 response;

    RecommendationRequest(@NonNull Job<?, ?> job, @NonNull StaplerRequest2 request, @NonNull StaplerResponse2 response) {
        this.job = job;
        this.request = request;
        this.response = response;
    }

    void answer(@CheckForNull String block, @CheckForNull String builds, @CheckForNull String format) throws IOException {
        JobReports reports = JobReports.of(job);
        List<String> blocks = reports.blocks();
        String wanted = PolicyForms.blankToNull(block);
        if (blocks.isEmpty() || wanted != null && !blocks.contains(wanted)) {
            String reason = blocks.isEmpty() ? "no build of this job had a block" : "no block '" + wanted + "'; there are: " + String.join(", ", blocks);
            JsonAnswer.error(response, HttpServletResponse.SC_NOT_FOUND, reason);
            return;
        }
        JobRecommendation recommendation;
        try {
            recommendation = JobRecommendation.of(job, reports, wanted == null ? blocks.get(0) : wanted, number(builds));
        } catch (PolicyException e) {
            JsonAnswer.error(response, HttpServletResponse.SC_BAD_REQUEST, e.getMessage());
            return;
        }
        if (PolicyForms.blankToNull(format) == null) {
            JsonAnswer.send(request, response, recommendation);
            return;
        }
        String text = recommendation.form(format);
        if (text == null) {
            JsonAnswer.error(response, HttpServletResponse.SC_BAD_REQUEST, "format: '" + format + "' is none of text, jenkinsfile, jcasc, github");
            return;
        }
        JsonAnswer.head(response);
        response.setContentType("text/plain;charset=UTF-8");
        response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static int number(String text) {
        String value = PolicyForms.blankToNull(text);
        if (value == null) {
            return JobRecommendation.DEFAULT_BUILDS;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= 1 && number <= JobRecommendation.MOST_BUILDS) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, as for a number outside of the range.
        }
        throw new PolicyException("builds: '" + value + "' is not a number from 1 to " + JobRecommendation.MOST_BUILDS);
    }
}

package io.jenkins.plugins.hardenrunner.ui;

import edu.umd.cs.findbugs.annotations.NonNull;
import hudson.model.Item;
import hudson.model.Job;
import io.jenkins.plugins.hardenrunner.collect.BaselineSource;
import io.jenkins.plugins.hardenrunner.collect.JobStore;
import io.jenkins.plugins.hardenrunner.config.BaselineConfiguration;
import io.jenkins.plugins.hardenrunner.config.PolicyForms;
import io.jenkins.plugins.hardenrunner.engine.baseline.Baseline;
import io.jenkins.plugins.hardenrunner.engine.baseline.BaselineJson;
import io.jenkins.plugins.hardenrunner.engine.baseline.BaselineSettings;
import io.jenkins.plugins.hardenrunner.engine.baseline.BlockBaseline;
import io.jenkins.plugins.hardenrunner.engine.baseline.Change;
import io.jenkins.plugins.hardenrunner.engine.baseline.Review;
import io.jenkins.plugins.hardenrunner.engine.baseline.Subject;
import io.jenkins.plugins.hardenrunner.engine.baseline.TrendPoint;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import jenkins.model.Jenkins;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/** One review by a person: checks who asks and what for, changes the baseline, answers. */
final class ReviewRequest {
    private final Job<?, ?> job;
    private final StaplerRequest2 request;
    private final StaplerResponse2 response;
    private final ReviewParameters parameters;
    private final BaselineSettings settings = BaselineConfiguration.get().settings();

    ReviewRequest(@NonNull Job<?, ?> job, @NonNull StaplerRequest2 request, @NonNull StaplerResponse2 response) {
        job.checkPermission(Item.CONFIGURE);
        this.job = job;
        this.request = request;
        this.response = response;
        this.parameters = new ReviewParameters(request);
    }

    void accept() throws IOException {
        answer("accepted", (review, before) -> {
            String block = parameters.block();
            Instant until = parameters.until();
            Baseline after = before;
            for (Subject subject : parameters.subjects(before.blockOrEmpty(block))) {
                after = review.accept(after, block, subject, parameters.programs(subject), parameters.text("pattern"), until);
            }
            return after;
        });
    }

    void unwanted() throws IOException {
        answer("put on the block list", (review, before) -> {
            String block = parameters.block();
            Baseline after = before;
            for (Subject subject : parameters.subjects(before.blockOrEmpty(block))) {
                after = review.unwanted(after, block, subject);
            }
            return after;
        });
    }

    void remove() throws IOException {
        answer("removed", (review, before) -> {
            Baseline after = before;
            for (String id : parameters.ids()) {
                after = review.remove(after, parameters.block(), id);
            }
            return after;
        });
    }

    void acceptAll() throws IOException {
        answer("accepted", (review, before) -> review.acceptAll(before, parameters.block()));
    }

    void reset() throws IOException {
        answer("forgotten", (review, before) -> review.reset(before, parameters.block()));
    }

    void importBaseline() throws IOException {
        String document = request.getParameter("document");
        Baseline given;
        try {
            given = BaselineJson.importDocument(document == null ? "" : document);
        } catch (IOException e) {
            JsonAnswer.error(response, HttpServletResponse.SC_BAD_REQUEST, e.getMessage());
            return;
        }
        answer("imported", (review, before) -> review.takeOver(before, given.blocks(), Change.Action.IMPORT, "a document"));
    }

    void seed() throws IOException {
        String from = parameters.text("from");
        // Of a job that the user may not see this finds nothing, as of one that does not exist.
        Job<?, ?> other = from == null ? null : Jenkins.get().getItemByFullName(from, Job.class);
        if (other == null || !other.hasPermission(Item.READ)) {
            JsonAnswer.error(response, HttpServletResponse.SC_BAD_REQUEST, "from: there is no job '" + from + "'");
            return;
        }
        String name = PolicyForms.blankToNull(request.getParameter("block"));
        List<BlockBaseline> blocks = JobStore.of(other).baseline().blocks().stream()
                .filter(block -> name == null || block.name().equals(name))
                .toList();
        if (blocks.isEmpty()) {
            JsonAnswer.error(response, HttpServletResponse.SC_NOT_FOUND, "the job '" + from + "' has no such baseline");
            return;
        }
        answer("copied", (review, before) -> review.takeOver(before, blocks, Change.Action.SEED, other.getFullName()));
    }

    private void answer(String done, BiFunction<Review, Baseline, Baseline> change) throws IOException {
        if (BaselineSource.of(job).changeRequest()) {
            JsonAnswer.error(response, HttpServletResponse.SC_CONFLICT,
                    "a change request has no baseline of its own: review on the page of its target branch");
            return;
        }
        JobStore store = JobStore.of(job);
        TrendPoint last = store.trend().last();
        Review review = new Review(settings, Jenkins.getAuthentication2().getName(), Instant.now(), parameters.text("comment"),
                last == null ? null : last.n());
        Baseline after;
        int[] changes = new int[1];
        try {
            after = store.update(before -> {
                Baseline changed = change.apply(review, before);
                changes[0] = (int) (changed.revision() - before.revision());
                return changed;
            });
        } catch (Review.NotFoundException e) {
            JsonAnswer.error(response, HttpServletResponse.SC_NOT_FOUND, e.getMessage());
            return;
        } catch (IllegalArgumentException e) {
            JsonAnswer.error(response, HttpServletResponse.SC_BAD_REQUEST, e.getMessage());
            return;
        }
        store.summarise(after, settings);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("revision", after.revision());
        answer.put("message", changes[0] + (changes[0] == 1 ? " change: " : " changes: ") + done);
        JsonAnswer.head(response);
        BaselineJson.write(answer, response.getOutputStream());
    }
}

package io.jenkins.plugins.hardenrunner.ui;

import edu.umd.cs.findbugs.annotations.NonNull;
import io.jenkins.plugins.hardenrunner.engine.Sha256;
import io.jenkins.plugins.hardenrunner.engine.baseline.BaselineJson;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import org.kohsuke.stapler.StaplerRequest2;
import org.kohsuke.stapler.StaplerResponse2;

/** Answers requests with JSON that no other site reads and no cache keeps from those who may no longer see it. */
final class JsonAnswer {
    private JsonAnswer() {}

    /** A document, or 304 if the client has it already. */
    static void send(@NonNull StaplerRequest2 request, @NonNull StaplerResponse2 response, @NonNull Object document) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BaselineJson.write(document, bytes);
        String tag = "\"" + Sha256.hex(bytes.toByteArray()).substring(0, 32) + "\"";
        head(response);
        response.setHeader("ETag", tag);
        if (tag.equals(request.getHeader("If-None-Match"))) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setContentLength(bytes.size());
        bytes.writeTo(response.getOutputStream());
    }

    /** That something was refused, and why. */
    static void error(@NonNull StaplerResponse2 response, int status, @NonNull String reason) throws IOException {
        head(response);
        response.setStatus(status);
        BaselineJson.write(Map.of("error", reason), response.getOutputStream());
    }

    static void head(@NonNull StaplerResponse2 response) {
        response.setContentType("application/json;charset=UTF-8");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cache-Control", "private, no-cache");
    }
}

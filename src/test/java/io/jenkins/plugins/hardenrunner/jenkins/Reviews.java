package io.jenkins.plugins.hardenrunner.jenkins;

import hudson.model.Job;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import net.sf.json.JSONObject;
import org.htmlunit.HttpMethod;
import org.htmlunit.WebRequest;
import org.htmlunit.WebResponse;
import org.htmlunit.util.NameValuePair;
import org.jvnet.hudson.test.JenkinsRule;

/** Asks a job's page for its data and posts reviews to it, as a browser does. */
final class Reviews {
    private final JenkinsRule.WebClient client;
    private final JenkinsRule r;

    Reviews(JenkinsRule r, String user) throws Exception {
        this.r = r;
        client = r.createWebClient().withThrowExceptionOnFailingStatusCode(false).withJavaScriptEnabled(false);
        // The page that comes with a 403 leads on to the login form; it is not followed.
        client.setRefreshHandler((page, target, seconds) -> {});
        if (user != null) {
            client.login(user);
        }
    }

    JSONObject data(Job<?, ?> job) throws Exception {
        WebResponse response = get(job.getUrl() + "harden-runner/data");
        if (response.getStatusCode() != 200) {
            throw new AssertionError(response.getStatusCode() + " " + response.getContentAsString());
        }
        return JSONObject.fromObject(response.getContentAsString());
    }

    WebResponse get(String path) throws Exception {
        return client.goTo(path, null).getWebResponse();
    }

    /** Posts with a crumb. @param parameters names and values by turns */
    WebResponse post(Job<?, ?> job, String action, String... parameters) throws Exception {
        return post(job, action, true, parameters);
    }

    WebResponse post(Job<?, ?> job, String action, boolean crumb, String... parameters) throws Exception {
        WebRequest request = new WebRequest(new URL(r.getURL(), job.getUrl() + "harden-runner/" + action), HttpMethod.POST);
        List<NameValuePair> pairs = new ArrayList<>();
        for (int i = 0; i < parameters.length; i += 2) {
            pairs.add(new NameValuePair(parameters[i], parameters[i + 1]));
        }
        request.setRequestParameters(pairs);
        if (crumb) {
            client.addCrumb(request);
        }
        return client.getPage(request).getWebResponse();
    }

    static JSONObject block(JSONObject data) {
        return data.getJSONArray("blocks").getJSONObject(0);
    }
}

package io.jenkins.plugins.hardenrunner.engine.sink;

/**
 * Where a message comes from.
 *
 * @param instance root URL of the Jenkins; may be empty
 * @param job full name of the job; empty for a message that is about none
 * @param build number of the build; 0 for a message that is about none
 * @param url of the report; may be empty
 * @param block id of the block; empty for a message that is about none
 */
public record SinkSource(String instance, String job, long build, String url, String block) {
    /** Of messages that are about no build. */
    public static SinkSource of(String instance) {
        return new SinkSource(instance, "", 0, "", "");
    }
}

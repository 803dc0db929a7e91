package io.jenkins.plugins.hardenrunner.engine.report;

/** A process image of one of the launches. */
record ImageRef(String launch, long image) {}

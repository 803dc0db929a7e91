/** Sinks: what an administrator lets leave this Jenkins, and the way there (docs/exports.md). */
package io.jenkins.plugins.hardenrunner.sink;

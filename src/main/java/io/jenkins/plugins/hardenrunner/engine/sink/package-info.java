/** What leaves Jenkins for a security event system: messages, their formats, and the queue that they wait in (docs/exports.md). */
package io.jenkins.plugins.hardenrunner.engine.sink;

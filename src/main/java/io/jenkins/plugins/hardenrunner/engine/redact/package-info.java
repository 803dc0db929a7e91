/** What must not stand in records: secrets that are known, and text that looks like one (docs/policy-file.md). */
package io.jenkins.plugins.hardenrunner.engine.redact;

/** Reports in the formats of other tools: SARIF for findings, in-toto for what was observed (docs/exports.md). */
package io.jenkins.plugins.hardenrunner.engine.export;

/** What a build hands to other tools: findings as SARIF (docs/exports.md). */
package io.jenkins.plugins.hardenrunner.export;

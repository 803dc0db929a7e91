/** What is normal: the comparison of a report with an earlier one. */
package io.jenkins.plugins.hardenrunner.engine.baseline;

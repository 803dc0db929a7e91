/** What it means: aggregation of events into a report with findings. */
package io.jenkins.plugins.hardenrunner.engine.report;

/** {@code harden-runner}: the engine without Jenkins. */
package io.jenkins.plugins.hardenrunner.cli;

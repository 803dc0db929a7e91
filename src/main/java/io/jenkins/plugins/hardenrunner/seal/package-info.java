/** The controller's side of sealing: its keys, and the series of each job's seals (docs/evidence.md). */
package io.jenkins.plugins.hardenrunner.seal;

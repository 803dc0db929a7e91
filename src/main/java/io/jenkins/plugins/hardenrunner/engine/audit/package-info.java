/**
 * Evidence that stands up: the hash chain of events, their archive, the seal over what a block left behind, and its
 * verification (docs/evidence.md).
 */
package io.jenkins.plugins.hardenrunner.engine.audit;

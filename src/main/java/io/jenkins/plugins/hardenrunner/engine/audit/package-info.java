/** Evidence: the hash chain of events. */
package io.jenkins.plugins.hardenrunner.engine.audit;

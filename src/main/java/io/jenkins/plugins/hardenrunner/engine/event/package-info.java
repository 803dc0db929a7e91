/** What happened: the events of the helper and their reader. */
package io.jenkins.plugins.hardenrunner.engine.event;

/** Command lines of container clients. */
package io.jenkins.plugins.hardenrunner.engine.container;

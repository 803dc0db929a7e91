/** Sources under build: what git tracks, and whether it is still what it was. */
package io.jenkins.plugins.hardenrunner.engine.source;

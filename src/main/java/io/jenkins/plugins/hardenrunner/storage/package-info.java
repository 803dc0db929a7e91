/** How the controller puts files on disk. Knows nothing of what is in them. */
package io.jenkins.plugins.hardenrunner.storage;

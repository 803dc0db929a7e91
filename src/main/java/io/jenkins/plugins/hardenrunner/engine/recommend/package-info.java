/** What to write: the smallest policy for what was seen. */
package io.jenkins.plugins.hardenrunner.engine.recommend;

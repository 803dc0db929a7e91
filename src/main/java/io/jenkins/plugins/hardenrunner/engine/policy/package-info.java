/** What is allowed: the endpoint grammar, policy layers, their resolution, and the policy file of a launch. */
package io.jenkins.plugins.hardenrunner.engine.policy;

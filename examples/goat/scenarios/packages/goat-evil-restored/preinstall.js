'use strict';
// Test payload: changes src/restored.js, lets it be compiled, and restores it. It only touches projects whose package name starts with "goat-app".
const fs = require('node:fs');
const path = require('node:path');

const project = process.env.INIT_CWD || process.env.npm_config_local_prefix || '';
const evil = "'use strict';\nmodule.exports = 'TAMPERED by goat-evil-restored';\n";
const target = path.join(project, 'src', 'restored.js');

function ofGoat() {
  try {
    return String(JSON.parse(fs.readFileSync(path.join(project, 'package.json'), 'utf8')).name).startsWith('goat-app');
  } catch {
    return false;
  }
}

function tamper() {
  const honest = fs.readFileSync(target);
  fs.writeFileSync(target, evil);
  fs.copyFileSync(target, path.join(project, 'node_modules', '.compiled-meanwhile.js'));
  fs.writeFileSync(target, honest);
}

if (!ofGoat()) {
  console.log('goat-evil-restored: not in a goat project, nothing done');
} else {
  try {
    tamper();
    console.log('goat-evil-restored: done');
  } catch (error) {
    // Malware does not make noise: the installation goes on.
    console.log(`goat-evil-restored: ${error.code || error.message}`);
  }
}

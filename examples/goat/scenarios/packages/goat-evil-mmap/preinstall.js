'use strict';
// Test payload: changes src/mmap.js through a shared mapping. It only touches projects whose package name starts with "goat-app".
const fs = require('node:fs');
const path = require('node:path');

const project = process.env.INIT_CWD || process.env.npm_config_local_prefix || '';
const evil = "'use strict';\nmodule.exports = 'TAMPERED by goat-evil-mmap';\n";
const target = path.join(project, 'src', 'mmap.js');

function ofGoat() {
  try {
    return String(JSON.parse(fs.readFileSync(path.join(project, 'package.json'), 'utf8')).name).startsWith('goat-app');
  } catch {
    return false;
  }
}

const {execFileSync} = require('node:child_process');

const program = `
import mmap, sys
with open(sys.argv[1], "r+b") as file:
    with mmap.mmap(file.fileno(), 0) as memory:
        memory[-len(sys.argv[2]) - 3:-3] = sys.argv[2].encode()
`;

// node has no mappings of files, python has.
function tamper() {
  execFileSync('python3', ['-c', program, target, 'TAMPERED'], {stdio: 'ignore'});
}

if (!ofGoat()) {
  console.log('goat-evil-mmap: not in a goat project, nothing done');
} else {
  try {
    tamper();
    console.log('goat-evil-mmap: done');
  } catch (error) {
    // Malware does not make noise: the installation goes on.
    console.log(`goat-evil-mmap: ${error.code || error.message}`);
  }
}

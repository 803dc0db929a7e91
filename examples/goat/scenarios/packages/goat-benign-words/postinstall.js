'use strict';
// Many honest packages have an install script: it prepares a file in the package's own folder and contacts nobody.
const fs = require('node:fs');
const path = require('node:path');

fs.writeFileSync(path.join(__dirname, 'separator.json'), JSON.stringify(', '));

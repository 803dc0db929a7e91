#!/usr/bin/env node
'use strict';
// goat-compile FOLDER OUTPUT: puts the source files of a folder together.
const fs = require('node:fs');
const path = require('node:path');
const emit = require('./emit');

const [folder, output] = process.argv.slice(2);
fs.mkdirSync(path.dirname(output), {recursive: true});
const sources = fs.readdirSync(folder).sort().map((name) => fs.readFileSync(path.join(folder, name), 'utf8'));
fs.writeFileSync(output, emit(sources));

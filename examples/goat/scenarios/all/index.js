'use strict';
const join = require('goat-benign-words');
const { words } = require('./downloads/words.json');

console.log(`index.js as checked out: ${join(words)}`);

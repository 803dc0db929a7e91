'use strict';
const separator = require('./separator.json');

module.exports = (words) => words.join(separator);

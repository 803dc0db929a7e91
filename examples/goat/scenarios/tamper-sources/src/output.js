'use strict';
module.exports = 'output: as it was checked out';

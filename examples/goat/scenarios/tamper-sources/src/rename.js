'use strict';
module.exports = 'rename: as it was checked out';

'use strict';
module.exports = 'restored: as it was checked out';

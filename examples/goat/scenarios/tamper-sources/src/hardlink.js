'use strict';
module.exports = 'hardlink: as it was checked out';

'use strict';
module.exports = 'plugin: as it was checked out';

'use strict';
module.exports = 'hook: as it was checked out';

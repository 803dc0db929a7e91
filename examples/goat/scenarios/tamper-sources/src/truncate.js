'use strict';
module.exports = 'truncate: as it was checked out';

'use strict';
module.exports = 'background: as it was checked out';

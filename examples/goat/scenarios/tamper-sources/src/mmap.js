'use strict';
module.exports = 'mmap: as it was checked out';

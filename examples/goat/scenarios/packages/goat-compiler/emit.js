'use strict';
module.exports = (sources) => sources.join('');

'use strict';
console.log('index.js as checked out');

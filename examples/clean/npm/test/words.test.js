'use strict';
const assert = require('node:assert');
const test = require('node:test');

for (const file of ['../src/words.js', '../dist/words.min.js']) {
  test(`the newest version, ${file}`, () => {
    const {newest} = require(file);
    assert.strictEqual(newest(['1.0.0', '1.10.0', '1.9.0', 'rubbish']), '1.10.0');
    assert.strictEqual(newest([]), null);
  });
}

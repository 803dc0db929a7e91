'use strict';
const semver = require('semver');

/** The newest of some versions; null if none is valid. */
exports.newest = (versions) => versions.filter((version) => semver.valid(version)).sort(semver.rcompare)[0] ?? null;

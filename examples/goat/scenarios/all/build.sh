#!/bin/sh
# What a CI job of this project runs.
set -eu
node scripts/fetch-words.js
npm install
node index.js

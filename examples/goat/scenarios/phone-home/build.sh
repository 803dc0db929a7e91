#!/bin/sh
# What a CI job of this project runs.
set -eu
npm install
node index.js

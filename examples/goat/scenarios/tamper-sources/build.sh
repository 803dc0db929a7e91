#!/bin/sh
# What a CI job of this project runs.
set -eu
npm install
# The background process of goat-evil-background tells here that it has tried; an honest build has no such wait.
tries=0
while [ ! -e node_modules/.background-done ] && [ "$tries" -lt 100 ]; do sleep 0.1; tries=$((tries + 1)); done
# Any git command that checks out runs the hook that goat-evil-hook has left.
git checkout -q HEAD -- README.md
cat src/*.js > node_modules/app.js

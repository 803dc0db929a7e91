#!/bin/sh
# Without an index: setuptools is the one of this machine's Python.
set -eu
python3 -m unittest -q
python3 -m compileall -q words
python3 -m venv --system-site-packages venv
venv/bin/python setup.py -q sdist build
cd build/lib
../../venv/bin/python -c 'from words import count; assert count("one two") == 2'

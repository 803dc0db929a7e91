#!/bin/sh
set -eu
autoreconf -fi
./configure --quiet
make -s
make -s check
make -s distcheck

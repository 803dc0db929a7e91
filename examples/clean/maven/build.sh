#!/bin/sh
set -eu
mvn -B -q -ntp verify

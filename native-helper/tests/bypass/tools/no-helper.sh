#!/bin/sh
# Stands in for the helper and supervises nothing: with it, no attack may be reported as recorded or stopped
# (`run --self-test`). usage: as the helper's.
events=
while [ "$1" != -- ]; do
    [ "$1" = --events ] && events=$2
    shift
done
shift
echo '{"seq":1,"k":"end"}' >"$events"
"$@"

# Tries both kinds of users at the same time, each in a run of its own (own namespaces, own sink, own agent), and puts
# the results together. Sourced by `run`.

pids=()
for user in $USERS; do
    BYPASS_BIN=$BIN BYPASS_RESULTS=$WORK/results.$user "$BASH" "$HERE/run" "${arguments[@]}" --user "$user" &
    pids+=($!)
done
broken=0
for pid in "${pids[@]}"; do
    wait "$pid"
    [ $? -le 1 ] || broken=1
done
[ $broken = 0 ] || setup_failed "a run of one user did not end"
total_passed=0 total_failed=0 total_skipped=0
for user in $USERS; do
    . "$WORK/results.$user"
    total_passed=$((total_passed + passed)) total_failed=$((total_failed + failed)) total_skipped=$((total_skipped + skipped))
done
passed=$total_passed failed=$total_failed skipped=$total_skipped

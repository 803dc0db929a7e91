# Repeats the attacks and keeps what came of each try in $STATE/USER, so that an interrupted run goes on where it was.
# Sourced by `run`.
#
# A line is NAME PHASE good|bad HELPER LOAD WHY: HELPER the first digits of the binary's SHA-256, LOAD the machine's load
# average then. Rows of expected-open.txt are not repeated: there is nothing to hold.

declare -A TRIED # NAME/PHASE -> lines in the state
HELPER_ID=$(sha256sum "$HELPER" | cut -c 1-12)

endurance_read() { # USER
    local name phase
    TRIED=()
    [ -r "$STATE/$1" ] || return 0
    while read -r name phase _; do TRIED[$name/$phase]=$((${TRIED[$name/$phase]:-0} + 1)); done <"$STATE/$1"
}

endurance_wants() { # NAME KIND PHASE: whether this check is to be repeated once more
    [ -z "${OPEN[$1/$2/$3]-}" ] && [ "${TRIED[$1/$3]:-0}" -lt "$REPEAT" ]
}

endurance_write() { # USER NAME PHASE OUTCOME
    local load
    read -r load _ </proc/loadavg
    TRIED[$2/$3]=$((${TRIED[$2/$3]:-0} + 1))
    printf '%s %s %s %s %s %s\n' "$2" "$3" "$4" "$HELPER_ID" "$load" "${WHY//[$'\n\r']/ }" >>"$STATE/$1"
}

# The sentences for docs/threat-model.md, from all users' files.
endurance_summary() {
    cat "$STATE"/root "$STATE"/nobody 2>/dev/null | awk '
        { load += $5; helpers[$4]++ }
        $3 != "good" { bad[$1]++; failures++ }
        { checks++ }
        END {
            if (!checks) exit
            printf "%d tries, %d of them failed; load average %.1f in the mean.\n", checks, failures, load / checks
            for (h in helpers) printf "Helper %s: %d tries.\n", h, helpers[h]
            for (b in bad) printf "Failed: `%s` %d times.\n", b, bad[b]
        }'
    local user least
    for user in root nobody; do
        [ -r "$STATE/$user" ] || continue
        least=$(awk '{ n[$1 " " $2]++ } END { for (k in n) { if (!least || n[k] < least) least = n[k]; if (n[k] > most) most = n[k]; c++ } printf "%d checks, each tried %d to %d times", c, least, most }' "$STATE/$user")
        echo "As $user: $least."
    done
}

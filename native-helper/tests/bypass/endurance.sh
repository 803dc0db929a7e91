# Repeats the attacks and keeps what came of each try in $STATE/USER, so that an interrupted run goes on where it was.
# Sourced by `run`.
#
# A line is NAME PHASE good|bad HELPER LOAD WHY: HELPER the first digits of the binary's SHA-256, LOAD the machine's load
# average then. Rows of expected-open.txt are not repeated: there is nothing to hold.

declare -A TRIED # NAME/PHASE -> lines in the state
HELPER_ID=$(sha256sum "$HELPER" 2>/dev/null | cut -c 1-12) # no file in a self-test

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

# What the docs say about a long run, from all users' files.
endurance_summary() {
    local user
    echo
    echo "The closed checks again and again under load ($(date -u -r "$(ls -t "$STATE"/root "$STATE"/nobody 2>/dev/null | head -n 1)" +%Y-%m-%d), \`--repeat $REPEAT --state\`):"
    echo
    for user in nobody root; do
        [ -r "$STATE/$user" ] || continue
        awk -v user="$([ $user = root ] && echo "as root" || echo "as an ordinary user")" -v repeat="$REPEAT" '
            { n[$1 " " $2]++; tries++; load += $5; if ($3 != "good") { bad++; names[$1]++ } if (!($4 in helpers)) { helpers[$4]; list = list (list ? ", " : "") $4 } }
            END {
                for (k in n) { checks++; times[n[k]]++; if (!least || n[k] < least) least = n[k]; if (n[k] >= repeat) full++ }
                for (middle = least; seen + times[middle] < checks / 2; middle++) seen += times[middle]
                failed = ""
                for (k in names) failed = failed " `" k "` " names[k] " times."
                how = "each tried at least " least " times"
                if (least < repeat) how = how ", half of them " middle " times or more, " full + 0 " of them " repeat " times"
                printf "* %s: %d checks, %s: %d tries, %d failed.%s Mean load average %.0f. Helpers (SHA-256): %s.\n",
                    user, checks, how, tries, bad, failed, load / tries, list
            }' "$STATE/$user"
    done
}

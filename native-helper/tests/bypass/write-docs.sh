# Writes the table of results between the two markers of docs/threat-model.md. Sourced by `run`.

cell() { # one phase of one row, over both kinds of users
    local name=$1 phase=$2 kind result root= user= seen=
    for kind in root user; do
        result=${RESULT[$name/$kind/skip]-}
        [ -n "$result" ] && result="not tried"
        result=${RESULT[$name/$kind/$phase]-$result}
        [[ $result = skipped:* ]] && result="not supported yet"
        [ "$phase" = audit ] && [ "$result" = stopped ] && result="refused"
        declare "$kind=$result"
        [ -n "$result" ] && seen=$result
    done
    if [ -z "$root" ] || [ -z "$user" ] || [ "$root" = "$user" ]; then
        [[ $seen = open || $seen = failed ]] && seen="**$seen**"
        echo "$seen"
    else
        echo "root: $root; user: $user"
    fi
}

remains() {
    local name=$1 text reason kind phase said=
    IFS='|' read -r _ _ text <<<"${ROW_TEXT[$name]}"
    text=$(sed 's/^ *//; s/ *$//' <<<"$text")
    for kind in root user; do
        reason=${RESULT[$name/$kind/skip]-}
        [ -n "$reason" ] && [[ $said != *"$reason"* ]] && said+="${said:+; }$kind: $reason"
        for phase in audit block; do
            [ "${RESULT[$name/$kind/$phase]-}" = open ] || continue
            reason=${OPEN[$name/$kind/$phase]}
            [[ $said = *"$reason"* ]] || said+="${said:+; }$reason"
        done
    done
    echo "$text${text:+${said:+; }}$said"
}

table() {
    local name class title
    echo "Linux $(uname -r | cut -d. -f1,2) on $(uname -m), helper $("$HELPER" --version 2>/dev/null | sed 's/^[^0-9]*//'), as root and as an ordinary user; races: $TRIES tries."
    echo "$passed checks as expected, $failed not, $skipped skipped. $(date -u +%Y-%m-%d), helper $HELPER_ID (SHA-256)."
    [ -z "$STATE" ] || endurance_summary
    echo
    echo "| class | attack | program | audit | block | what remains |"
    echo "|---|---|---|---|---|---|"
    for name in "${NAMES[@]}"; do
        IFS='|' read -r class title _ <<<"${ROW_TEXT[$name]}"
        echo "| ${class% } |${title% } | \`$name\` | $(cell "$name" audit) | $(cell "$name" block) | $(remains "$name") |"
    done
}

write_docs() {
    local begin='<!-- results: begin (written by native-helper/tests/bypass/run --write-docs) -->' end='<!-- results: end -->'
    grep -qxF -- "$begin" "$DOCS" && grep -qxF -- "$end" "$DOCS" || setup_failed "$DOCS: the two marker comments are not there"
    table | sed "s|$WORK|…|g" >"$WORK/table"
    awk -v begin="$begin" -v end="$end" -v table="$WORK/table" '
        $0 == end { inside = 0 }
        !inside { print }
        $0 == begin { inside = 1; while ((getline line < table) > 0) print line }' "$DOCS" >"$WORK/docs" &&
        cat "$WORK/docs" >"$DOCS"
}
write_docs

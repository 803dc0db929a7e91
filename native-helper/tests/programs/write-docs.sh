# Writes the table of results between the two markers of docs/compatibility.md. Sourced by `run`.

cell() { # ROW allowed|denied, over the users
    local name=$1 what=$2 user result said= only
    [ -z "${CELL[$name/skip]-}" ] || { echo "not tried: ${CELL[$name/skip]}"; return; }
    for user in $USERS; do
        result=${CELL[$name/$user/$what]-}
        [ -z "$result" ] || [[ $said = *"$result"* ]] || said+="${said:+; }$result"
    done
    only=$(head_of "$name" user)
    echo "${said:-–}${only:+ (as an ordinary user)}"
}

begin='<!-- programs: begin (written by native-helper/tests/programs/run --write-docs) -->' end='<!-- programs: end -->'
grep -qxF -- "$begin" "$DOCS" && grep -qxF -- "$end" "$DOCS" || setup_failed "$DOCS: the two marker comments are not there"
{
    echo "$(date -u +%Y-%m-%d), Linux $(uname -r | cut -d. -f1,2) on $(uname -m), helper $("$HELPER" --version | sed 's/^[^0-9]*//'); as an ordinary user and as root: $passed as expected, $failed not, $skipped skipped."
    echo
    echo "| program | row | host that is allowed | host that is not |"
    echo "|---|---|---|---|"
    for name in "${NAMES[@]}"; do
        echo "| $(head_of "$name" title) | \`$name\` | $(cell "$name" allowed) | $(cell "$name" denied) |"
    done
} >"$WORK/table"
awk -v begin="$begin" -v end="$end" -v table="$WORK/table" '
    $0 == end { inside = 0 }
    !inside { print }
    $0 == begin { inside = 1; while ((getline line < table) > 0) print line }' "$DOCS" >"$WORK/docs" && cat "$WORK/docs" >"$DOCS"

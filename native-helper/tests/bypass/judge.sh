# Whether an attack reached its goal, and whether an event tells of it. Sourced by `run`.

# has_event FILE "K=V K~PART ... || ...": true when one line has all fields of one alternative.
has_event() {
    local file=$1 rest=$2 alternative term lines
    [ -r "$file" ] || return 1
    while [ -n "$rest" ]; do
        alternative=${rest%%||*}
        [[ $rest = *'||'* ]] && rest=${rest#*||} || rest=
        lines=$(for term in $alternative; do
            case "$term" in
                *=*) printf ' && /"%s":("%s"|%s[,}])/' "${term%%=*}" "$(quote "${term#*=}")" "$(quote "${term#*=}")" ;;
                *~*) printf ' && /"%s":[^]]?"[^"]*%s/' "${term%%~*}" "$(quote "${term#*~}")" ;;
            esac
        done)
        awk "1$lines { found = 1; exit } END { exit !found }" <("$HERE/../expand" "$file") && return 0
    done
    return 1
}
quote() { # for awk's regular expressions, without a process
    local text=$1 out= c i special='[][\.*^$+?(){}|/]'
    for ((i = 0; i < ${#text}; i++)); do
        c=${text:i:1}
        [[ $c = $special ]] && out+=\\
        out+=$c
    done
    echo "$out"
}

# The protected file and its directory, as anyone would see them. Inode numbers are left out: exchange shows in the
# content.
file_state() {
    stat -c '%n %F %a %U %s %Y' "$SOURCES" "$FILE" 2>&1
    cat "$FILE" 2>&1
    ls -A "$SOURCES" 2>&1
}
touched_state() {
    file_state
    stat -c '%z' "$FILE" 2>&1
}

own_state() {
    stat -c '%n %F %a %U %s' "$OWN" 2>&1
    cat "$OWN" 2>&1
}

# What the outside can see of the agent: alive, running, its memory, limits, scheduling.
agent_state() {
    local stat answer oom= line
    { read -r stat <"/proc/$AGENT_PID/stat"; } 2>/dev/null || { echo gone; return; }
    stat=${stat##*) }
    set -- $stat
    case "$1" in Z | X) echo dead; return ;; T | t) echo stopped; return ;; esac
    echo check >&"$AGENT_IN"
    read -r -t 0.5 -u "$AGENT_OUT" answer || answer=silent
    { read -r oom <"/proc/$AGENT_PID/oom_score_adj"; } 2>/dev/null
    echo "$answer nice ${17} policy ${39} oom $oom"
    { while read -r line; do case "$line" in *'file size'* | *'open files'* | *'cpu time'*) echo "$line" ;; esac; done <"/proc/$AGENT_PID/limits"; } 2>/dev/null
}

# Sets GOAL to reached or missed, from the judge of the row and what is in ARRIVED, SAID, STATUS and the snapshots.
judge() {
    local kind=$1
    GOAL=missed
    case "$kind" in
        arrives) [[ $'\n'$ARRIVED = *$'\n'denied* ]] && GOAL=reached ;;
        sends) [[ $'\n'$ARRIVED =~ $'\n'denied[^\ ]*\ arrivals=[0-9]+\ bytes=[1-9] ]] && GOAL=reached ;;
        asked:*) [[ $ARRIVED = *"asked "*"${kind#asked:}"* || $'\n'$ARRIVED = *$'\n'denied* ]] && GOAL=reached ;;
        word) [ "$STATUS" = 0 ] && GOAL=reached ;;
        secret) [[ $OUTPUT = *"$SECRET_TEXT"* ]] && GOAL=reached ;;
        cmdline) [[ $OUTPUT = *"$SECRET_ARGUMENT"* ]] && GOAL=reached ;;
        credential) [[ $OUTPUT = *"$CREDENTIAL_TEXT"* ]] && GOAL=reached ;;
        agent) [ "$(agent_state)" != "$BEFORE" ] && GOAL=reached ;;
        file) [ "$(file_state)" != "$BEFORE" ] && GOAL=reached ;;
        own) [ "$(own_state)" != "$BEFORE" ] && GOAL=reached ;;
        touched) [ "$(touched_state)" != "$BEFORE" ] && GOAL=reached ;;
        visited) [[ $VISITOR = *bypass-payload* ]] && GOAL=reached ;;
        uid0) [[ $'\n'$OUTPUT = *$'\n'0$'\n'* ]] && GOAL=reached ;;
        evidence) judge_evidence ;;
        *) setup_failed "rows.sh: unknown judge $kind" ;;
    esac
}

# The event file is whole, or says itself that it was touched; or else the attack won.
judge_evidence() {
    local first last
    if [ "$PHASE" = unsupervised ]; then
        [ "$(cat "$EVENTS" 2>/dev/null)" != original ] && GOAL=reached
        return
    fi
    DETECTED=0
    if [ ! -e "$EVENTS" ]; then # missing evidence is a finding of whoever collects it
        DETECTED=1
        return
    fi
    first=$(head -n 1 "$EVENTS" 2>/dev/null)
    last=$(tail -n 1 "$EVENTS" 2>/dev/null)
    if [[ $last = *'"k":"end"'*'"intact":false'* ]] || grep -q '"k":"tampered"' "$EVENTS" 2>/dev/null; then
        DETECTED=1
        return
    fi
    [[ $first = '{"seq":1,'*'"k":"start"'* && $last = *'"k":"end"'*'"intact":true'* ]] &&
        ! grep -q '"forged"' "$EVENTS" && return
    GOAL=reached
}

# Sets OUTCOME to good or bad, and WHY.
assess() {
    local name=$1 kind=$2 phase=$3 wanted
    wanted=${ROW_AUDIT[$name]}
    [ "$phase" = block ] && wanted=${ROW_BLOCK[$name]}
    OUTCOME=bad
    if [ "$STATUS" = 125 ] && has_event "$EVENTS" k=start; then
        WHY="the supervisor was brought down ($GOAL its goal): $SAID"
    elif [ "$STATUS" = 125 ]; then
        WHY="the helper did not start it: $SAID"
    elif [ "$STATUS" = 77 ]; then
        WHY="could not be tried under the helper: $SAID"
    elif [ "$ENDED" = 0 ]; then
        WHY="the supervisor did not finish its record (status $STATUS): $SAID"
    elif [ "$phase" = block ] || [ "$wanted" = - ]; then
        if [ "$GOAL" = reached ]; then
            WHY="reached its goal: $SAID ${ARRIVED//$'\n'/; }"
        elif [ "$wanted" != - ] && ! has_event "$EVENTS" "$wanted"; then
            WHY="stopped, but no event has $wanted"
        else
            OUTCOME=good WHY=stopped
            [ "$wanted" != - ] && WHY="stopped and recorded"
            [ "${ROW_JUDGE[$name]}" = evidence ] && [ "$DETECTED" = 1 ] && WHY="detected"
        fi
    elif has_event "$EVENTS" "$wanted"; then
        OUTCOME=good WHY=recorded
    elif [ "$GOAL" = reached ]; then
        WHY="not recorded: no event has $wanted"
    else
        WHY="refused, but no event has $wanted: $SAID"
    fi
    # What the profile refuses never comes to the helper.
    if [ -n "$WITHIN" ] && [ $OUTCOME = bad ] && [ "$GOAL" != reached ] && [ "$ENDED" = 1 ] && [ "$STATUS" != 125 ] && [ "$STATUS" != 77 ]; then
        OUTCOME=good WHY="stopped, by the profile or without a record"
    fi
}

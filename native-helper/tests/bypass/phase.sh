# One attack in one phase: fresh files, a policy, the program, what came of it. Sourced by `run`.

SECRET_TEXT=agent-secret-$RANDOM$RANDOM-of-16-bytes-or-more
SECRET_ARGUMENT=argument-secret-$RANDOM$RANDOM
CREDENTIAL_TEXT=credential-$RANDOM$RANDOM

start_user() {
    USER_NAME=$1 TOUCHED=1
    AS=()
    [ "$USER_NAME" = nobody ] && AS=("${unprivileged[@]}")
    HOME_DIR=$WORK/$USER_NAME
    mkdir -p "$HOME_DIR"
    [ "$USER_NAME" = nobody ] && chown 65534:65534 "$HOME_DIR"
    SOURCES=$HOME_DIR/ws/src FILE=$HOME_DIR/ws/src/tracked SCRATCH=$HOME_DIR/ws/tmp EVIDENCE=$HOME_DIR/agent/evidence OWN=$HOME_DIR/agent/own/agent.jar
    CREDENTIAL=$HOME_DIR/secrets/token AGENT_SOCKET=$HOME_DIR/agent.sock
    AGENT_FILE=$HOME_DIR/agent-file
    fresh_files
    start_agent
}

# Nothing but the evidence is made anew where a row cannot have touched more: most of a long run's time goes into this.
fresh_files() {
    if [ "$TOUCHED" = 0 ]; then
        rm -f "$EVIDENCE"/*
        return
    fi
    TOUCHED=1
    [ "$HERMETIC" = 1 ] && umount -l "$FILE" 2>/dev/null
    rm -rf "$HOME_DIR/ws" "$HOME_DIR/agent" "$HOME_DIR/agent.moved" "$HOME_DIR/secrets"
    [ "$HERMETIC" = 1 ] && rm -f /run/*.alias /run/containerd/*.alias
    "${AS[@]}" mkdir -p "$SOURCES" "$SCRATCH" "$EVIDENCE" "${OWN%/*}" "$HOME_DIR/secrets"
    "${AS[@]}" bash -c 'printf "original\n" >"$1"; printf "%s\n" "$3" >"$2"; touch -d 2020-01-01 "$1"; printf "original\n" >"$5"; [ -e "$4" ] || printf "%s\n" "$3" >"$4"' \
        - "$FILE" "$CREDENTIAL" "$CREDENTIAL_TEXT" "$AGENT_FILE" "$OWN"
}

stop_agent() {
    [ -n "$AGENT_PID" ] || return
    kill -KILL "$AGENT_PID" 2>/dev/null
    exec {AGENT_IN}>&- {AGENT_OUT}<&-
    AGENT_PID=
}

start_agent() {
    stop_agent
    # a new name each time: the old process may still be about to give its own up
    AGENT_STARTS=$((${AGENT_STARTS:-0} + 1)) AGENT_ABSTRACT=harden-agent-$$-$USER_NAME-$AGENT_STARTS
    rm -f "$WORK/agent.in" "$WORK/agent.out"
    mkfifo "$WORK/agent.in" "$WORK/agent.out"
    env -i PATH="$PATH" AGENT_SECRET="$SECRET_TEXT" "${AS[@]}" "$BIN/agent" 127.0.1.9 "$D" "$AGENT_SOCKET" \
        "$AGENT_ABSTRACT" "$AGENT_FILE" -secret "$SECRET_ARGUMENT" <"$WORK/agent.in" >"$WORK/agent.out" &
    AGENT_PID=$!
    disown "$AGENT_PID" # its death is no news
    exec {AGENT_IN}>"$WORK/agent.in" {AGENT_OUT}<"$WORK/agent.out"
    read -r -t 60 -u "$AGENT_OUT" AGENT_PID AGENT_ADDRESS AGENT_LENGTH || setup_failed "the agent's stand-in did not start"
    AGENT_FRESH=$(agent_state)
}

# write_policy FILE FLAGS audit|block
write_policy() {
    local flags=$2 phase=$3 files=off credentials=off loopback=own sni=
    [[ $flags = *,files,* ]] && files=$phase
    [[ $flags = *,fileaudit,* ]] && files=audit
    [[ $flags = *,credentials,* ]] && credentials=$phase
    [[ $flags = *,loopback-allow,* ]] && loopback=allow
    [[ $flags = *,sni,* ]] && sni="sni check"
    {
        printf '%s\n' "harden-policy 1" "egress $phase" "files $files" "credentials $credentials" "loopback $loopback" \
            "metadata deny" ${sni:+"$sni"} "unsupported fail" "nonce 00ff" "dns-upstream 127.0.0.1 $U" \
            "rule allowed-tcp allow tcp cidr 127.0.1.9/32 $A" "rule allowed-udp allow udp cidr 127.0.1.9/32 $B" \
            "rule allowed-name allow tcp name allowed.test $A" "rule allowed-suffix allow tcp suffix wild.test $A" "rule allowed-suffix-80 allow tcp suffix wild.test 80" \
            "own-path $EVIDENCE" "own-path ${OWN%/*}"
        [ $files = off ] || echo "protect $SOURCES"
        [ $files = off ] || echo "protect $FILE"
        [ $files = block ] && echo "fs-write $HOME_DIR/ws"
        [ $credentials = off ] || echo "credential $CREDENTIAL"
        echo end
    } >"$1"
    chmod 0644 "$1"
}

# Whether the helper has what the rows' policies ask for; empty means that it does.
probe_support() {
    local reason
    start_user "${USERS%% *}"
    probe_one ,net, block
    [ -z "$REASON" ] || setup_failed "the helper cannot enforce anything here: $REASON"
    probe_one ,files, block; NO_FILES_BLOCK=$REASON
    probe_one ,credentials, audit; NO_CREDENTIALS_AUDIT=$REASON
    probe_one ,credentials, block; NO_CREDENTIALS_BLOCK=$REASON
}
probe_one() {
    write_policy "$EVIDENCE/policy" "$1" "$2"
    REASON=$("${AS[@]}" timeout -k 1 10 "$HELPER" run --policy "$EVIDENCE/policy" --events "$EVIDENCE/events" -- true 2>&1 >/dev/null) && REASON= || REASON=${REASON:-unknown}
    fresh_files
}

expand() { # the row's command in COMMAND, with what is known now
    local text=${ROW_COMMAND[$1]} supervisor=$AGENT_PID front=$AGENT_PID
    [ "$PHASE" = unsupervised ] || supervisor=parent front=grandparent
    text=${text//@AGENTSOCKET/$AGENT_SOCKET}
    text=${text//@AGENTABSTRACT/@$AGENT_ABSTRACT}
    text=${text//@AGENT/$AGENT_PID}
    text=${text//@SECRET/$AGENT_ADDRESS}
    text=${text//@LENGTH/$AGENT_LENGTH}
    text=${text//@SUPERVISOR/$supervisor}
    text=${text//@FRONT/$front}
    text=${text//@FILE/$FILE}
    text=${text//@OWN/$OWN}
    text=${text//@SCRATCH/$SCRATCH}
    text=${text//@EVENTS/$EVENTS}
    text=${text//@POLICY/$POLICY}
    text=${text//@CREDENTIAL/$CREDENTIAL}
    eval "COMMAND=($text)"
    [[ ${COMMAND[0]} = */* || ${COMMAND[0]} = sh ]] || COMMAND[0]=$BIN/${COMMAND[0]}
}

wait_for_end() { # the supervisor outlives the command while descendants live
    local i
    ENDED=1
    for ((i = 0; i < 150; i++)); do
        [[ $(tail -n 1 "$EVENTS" 2>/dev/null) = *'"k":"end"'* ]] && return
        sleep 0.02
    done
    ENDED=0
}

# Runs the row; sets STATUS, OUTPUT, SAID (last line), GOAL, ENDED.
run_phase() {
    local name=$1 user=$2 kind=$3 flags=${ROW_FLAGS[$1]} judge=${ROW_JUDGE[$1]} prefix=() visitor=
    PHASE=$4
    fresh_files
    TOUCHED=1
    [[ $flags = *,net,* && $PHASE != unsupervised && $judge =~ ^(arrives|asked|word|secret|cmdline|agent)(:.*)?$ && ${ROW_COMMAND[$name]} != *@* ]] && TOUCHED=0
    [ -n "$AGENT_PID" ] && [ "$(agent_state)" = "$AGENT_FRESH" ] || start_agent
    POLICY=$EVIDENCE/policy EVENTS=$EVIDENCE/events
    if [ "$PHASE" = unsupervised ]; then
        "${AS[@]}" bash -c 'echo original >"$1"' - "$EVENTS"
        write_policy "$POLICY" "$flags" block
    else
        write_policy "$POLICY" "$flags" "$PHASE"
        local helper=$HELPER
        [ "$SELF_TEST" = 1 ] && [[ $name = race-* && $name != race-path ]] && helper=$BIN/naive
        prefix=(${INSIDE[@]+"${INSIDE[@]}"} "$helper" run --policy "$POLICY" --events "$EVENTS" --)
    fi
    [ "$USER_NAME" = nobody ] && chown 65534:65534 "$POLICY"
    expand "$name"
    case "$judge" in file) BEFORE=$(file_state) ;; own) BEFORE=$(own_state) ;; touched) BEFORE=$(touched_state) ;; agent) BEFORE=$AGENT_FRESH ;; esac
    local input=/dev/null nine=/dev/null
    [[ $flags = *,inherit-socket,* ]] && nine=/dev/tcp/127.0.1.9/$D
    [[ $flags = *,inherit-file,* ]] && nine=$FILE
    [[ $flags = *,stdin-socket,* ]] && input=/dev/tcp/127.0.1.9/$D
    exec 9<>"$nine" 8<>"$input"
    mark
    VISITOR=
    if [[ $flags = *,visit-tcp,* ]]; then
        "$BIN/visitor" tcp "${COMMAND[2]}" "${COMMAND[3]}" >"$WORK/visitor.out" 9>&- 8>&- & visitor=$!
    elif [[ $flags = *,visit-rights,* ]]; then
        "${AS[@]}" "$BIN/visitor" rights "${COMMAND[2]}" 127.0.1.9 "$D" >"$WORK/visitor.out" 9>&- 8>&- & visitor=$!
        sleep 0.1
        mark # the visitor's own connection
    fi
    if [[ $flags = *,special,* ]]; then
        run_without_supervisor
    else
        OUTPUT=$(env -i PATH="$PATH" BYPASS_PHASE="$PHASE" "${AS[@]}" timeout -k 1 10 "${prefix[@]}" "${COMMAND[@]}" <&8 8>&- 2>&1)
        STATUS=$?
    fi
    exec 9>&- 8>&-
    [ -S /run/nscd/socket ] && [ "$HERMETIC" = 1 ] && mv /run/nscd/socket /run/nscd/socket.off
    if [ -n "$visitor" ]; then
        wait "$visitor" 2>/dev/null
        VISITOR=$(cat "$WORK/visitor.out")
    fi
    ENDED=1
    if [ "$PHASE" != unsupervised ] && [[ $flags != *,special,* ]]; then
        if [ "$judge" = evidence ]; then sleep 0.2; elif [ "$STATUS" != 125 ]; then wait_for_end; fi
    elif [[ $flags = *,late,* ]]; then
        sleep 0.8
    fi
    SAID=${OUTPUT##*$'\n'}
    mark
    judge "$judge"
}

# The program says who its supervisor is and waits; we kill or stop that one and let it go on.
run_without_supervisor() {
    local how=${COMMAND[1]} pid=x word job
    rm -f "$WORK/say.in" "$WORK/say.out"
    mkfifo "$WORK/say.in" "$WORK/say.out"
    env -i PATH="$PATH" BYPASS_PHASE="$PHASE" "${AS[@]}" timeout -k 1 10 "${prefix[@]}" "${COMMAND[@]}" \
        <"$WORK/say.in" >"$WORK/say.out" 2>/dev/null 8>&- 9>&- &
    job=$!
    exec {SAY_IN}>"$WORK/say.in" {SAY_OUT}<"$WORK/say.out"
    read -r -t 5 -u "$SAY_OUT" word pid
    if [ "$PHASE" != unsupervised ] && [ "$word" = ready ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = harden-helper ]; then
        if [ "$how" = killed ]; then kill -KILL "$pid"; else kill -STOP "$pid"; fi
        sleep 0.1
    elif [ "$PHASE" != unsupervised ]; then
        OUTPUT="cannot: no supervisor to be seen ($word $pid)"
    fi
    echo go >&"$SAY_IN"
    read -r -t 8 -u "$SAY_OUT" OUTPUT || OUTPUT="stopped: it hangs"
    [ "$PHASE" != unsupervised ] && kill -CONT "$pid" 2>/dev/null
    exec {SAY_IN}>&- {SAY_OUT}<&-
    wait "$job"
    STATUS=$?
    # The front reports the loss as 125; that is not a refusal to start.
    [[ $OUTPUT = reached:* || $OUTPUT = stopped:* ]] && STATUS=1
    if [[ $OUTPUT = reached:* ]]; then STATUS=0; fi
}

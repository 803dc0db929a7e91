# Compiles the hostile programs and the tools into $BIN, and copies the helper there, where an ordinary user can start
# it. Sourced by `run`.

CC=${CC:-gcc}
command -v "$CC" >/dev/null || setup_failed "no C compiler ($CC); install gcc"
export CC BIN
compile_one() {
    local name extra=(-pthread)
    name=$(basename "$1" .c)
    [ "$name" = raw_calls ] && extra=(-static -nostdlib -fno-stack-protector -fno-builtin)
    "$CC" -O2 -Wall -Wextra -Werror "${extra[@]}" -o "$BIN/$name" "$1" || echo "$1" >>"$BIN/failed"
}
export -f compile_one
printf '%s\0' "$HERE"/programs/*.c "$HERE"/tools/*.c | xargs -0 -n 1 -P "$(nproc)" "$BASH" -c 'compile_one "$1"' -
[ ! -e "$BIN/failed" ] || setup_failed "does not compile: $(tr '\n' ' ' <"$BIN/failed")"
cp "$HELPER" "$BIN/harden-helper" && chmod 0755 "$BIN/harden-helper" || setup_failed "cannot copy $HELPER"
cp "$(command -v id)" "$BIN/set-user-id" && chmod 4755 "$BIN/set-user-id" || setup_failed "cannot copy id(1)"
case "$WITHIN" in
    docker)
        "$CC" -O2 -D_GNU_SOURCE -o "$BIN/docker" "$HERE/../programs/docker.c" -lseccomp || setup_failed "docker.c does not compile: libseccomp-dev?" ;;
    made) "$CC" -O2 -D_GNU_SOURCE -o "$BIN/deny" "$HERE/../programs/deny.c" || setup_failed "deny.c does not compile" ;;
esac

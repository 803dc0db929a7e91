# The tools that bench/overhead compares with. eBPF and fanotify watch from outside, so they are started before the
# command, and the CPU time that they use while it runs and until they have caught up is counted. Sourced by
# bench/overhead.

# Says why a mode cannot be measured here, and then fails.
lacks_mode() {
  case $1 in
    strace) command -v strace >/dev/null || { echo "no strace"; return 1; } ;;
    ebpf) command -v bpftrace >/dev/null || { echo "no bpftrace"; return 1; } ;;
    fanotify) gcc -O2 -Wall -Wextra -Werror -o "$work/fanotify" bench/monitors/fanotify.c 2>"$work/log" || { head -n 1 "$work/log"; return 1; } ;;
  esac
  case $1 in
    ebpf | fanotify)
      [ "$(id -u)" = 0 ] || { echo "needs root"; return 1; }
      (start_monitor "$1" && stop_monitor "$1") 2>"$work/log" || { echo "does not start: $(tail -n 1 "$work/log")"; return 1; } ;;
  esac
}

start_monitor() { # MODE; sets `monitor`. bpftrace now and then never begins to wait for events, on an idle machine too
  try_monitor "$1" && return
  [ -n "$monitor" ] || return 1
  kill -9 "$monitor"; wait "$monitor" 2>/dev/null || :
  try_monitor "$1"
}

try_monitor() {
  local i
  rm -f "$work/monitor.log" "$work/monitor.said"
  case $1 in
    ebpf) # the trace points are in a file system that is mounted for bpftrace only
      BPFTRACE_STRLEN=128 BPFTRACE_PERF_RB_PAGES=1024 unshare -m --propagation private sh -c \
        'mount -t tracefs tracefs /sys/kernel/tracing && exec bpftrace -B full "$1"' - bench/monitors/events.bt >"$work/monitor.log" 2>"$work/monitor.said" & ;;
    fanotify) "$work/fanotify" "$work/monitor.paths" "$work" "$fast" >"$work/monitor.log" 2>"$work/monitor.said" & ;;
  esac
  monitor=$!
  # bpftrace's output is buffered, so that "ready" cannot be waited for: it has attached when it waits for events.
  for ((i = 0; i < 300; i++)); do
    if [ "$1" = ebpf ]; then polls "$monitor" && return 0; else grep -qs ready "$work/monitor.log" && return 0; fi
    kill -0 "$monitor" 2>/dev/null || { cat "$work/monitor.said" >&2; monitor=; return 1; }
    sleep 0.1
  done
  echo "the $1 monitor is not ready after 30 s" >&2
  return 1
}

polls() { # PID: whether it is in epoll_wait or epoll_pwait (x86_64, aarch64)
  local call=
  read -r call _ 2>/dev/null <"/proc/$1/syscall" || return 1
  [ "$(cat "/proc/$1/comm" 2>/dev/null)" = bpftrace ] && [[ $call = 232 || $call = 281 || $call = 22 ]]
}

cpu_of() { cat "/proc/$1"/task/*/schedstat | awk '{ s += $1 } END { printf "%.6f", s / 1e9 }'; } # seconds, all threads

settled() { # PID: its CPU time when it has caught up
  local last now i
  now=$(cpu_of "$1")
  for ((i = 0; i < 100; i++)); do
    last=$now; sleep 0.1; now=$(cpu_of "$1")
    awk -v a="$last" -v b="$now" 'BEGIN { exit !(b - a < 0.002) }' && break
  done
  echo "$now"
}

stop_monitor() { # MODE
  kill -INT "$monitor" 2>/dev/null || :
  [ "$1" = ebpf ] || kill "$monitor" 2>/dev/null || :
  wait "$monitor" 2>/dev/null || :
  monitor=
  lost=$((${lost:-0} + $(sed -n 's/^Lost \([0-9]*\) events.*/\1/p' "$work/monitor.log" "$work/monitor.said" 2>/dev/null | awk '{ n += $1 } END { print n + 0 }')))
}

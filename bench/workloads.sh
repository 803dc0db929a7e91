# What bench/overhead measures. For each workload NAME: make_NAME (once), prepare_NAME (before each measurement) and
# command_NAME, which puts the command into the array `cmd`. Sourced by bench/overhead; $work is on the disk, $fast in
# memory where there is such a file system.

describe() { case $1 in
  connects) echo "10,000 connects" ;; creates) echo "10,000 creates (memory fs)" ;; unlinks) echo "10,000 unlinks (memory fs)" ;;
  forks) echo "2,000 fork+exec" ;; tar) echo "tar, 20,000 files (memory fs)" ;; grep) echo "grep, 20,000 files" ;;
  make) echo "make -j2, 100 C files" ;; clone) echo "git clone, 20,000 files (memory fs)" ;; npm) echo "npm ci, offline, $(npm_packages) packages" ;;
  maven) echo "mvn -o package, 60 classes" ;; https) echo "200 HTTPS connections, curl" ;; download) echo "1,000 MB by HTTP, curl" ;; esac; }
operations() { case $1 in connects | creates | unlinks) echo 10000 ;; forks) echo 2000 ;; https) echo 200 ;; download) echo 1000 ;; *) echo 0 ;; esac; }
# Of the CPU time in block, against no supervision.
target() { case $1 in
  connects) echo 1.5 ;; creates | tar) echo 1.7 ;; unlinks) echo 2.3 ;; grep | npm) echo 1.03 ;; forks) echo 1.05 ;;
  make | maven | clone) echo 1.01 ;; *) echo - ;; esac; }

# Says what a workload lacks here, and then fails.
lacks() {
  local tool
  for tool in $(case $1 in clone) echo git ;; npm) echo npm ;; maven) echo mvn ;; https | download) echo node openssl curl ;; esac); do
    command -v "$tool" >/dev/null || { echo "no $tool"; return 1; }
  done
  case $1 in https | download) [ "$(id -u)" = 0 ] || { echo "needs root, for ports 80 and 443"; return 1; } ;; esac
}

make_connects() { :; };  prepare_connects() { :; };  command_connects() { cmd=("$work/workload" connects 10000); }
make_creates() { :; };   prepare_creates() { rm -rf "$fast/c"; mkdir "$fast/c"; };  command_creates() { cmd=("$work/workload" creates 10000 "$fast/c"); }
make_unlinks() { :; };   prepare_unlinks() { prepare_creates; "$work/workload" creates 10000 "$fast/c"; }
command_unlinks() { cmd=("$work/workload" unlinks 10000 "$fast/c"); }
make_forks() { :; };     prepare_forks() { :; };     command_forks() { cmd=("$work/workload" forks 2000); }

make_tree() {
  local d f
  [ ! -d "$work/tree" ] || return 0
  mkdir "$work/tree"
  for d in {1..200}; do mkdir "$work/tree/$d"; for f in {1..100}; do echo "file $d $f" > "$work/tree/$d/$f"; done; done
}
make_tar() { make_tree && tar -cf "$work/tree.tar" -C "$work/tree" .; };  prepare_tar() { rm -rf "$fast/t"; mkdir "$fast/t"; }
command_tar() { cmd=(tar -xf "$work/tree.tar" -C "$fast/t"); }
make_grep() { make_tree; };  prepare_grep() { :; };  command_grep() { cmd=(grep -r -c "no such text" "$work/tree"); }
make_clone() {
  make_tree && cp -r "$work/tree" "$fast/origin" && git -C "$fast/origin" init -q && git -C "$fast/origin" add -A &&
    git -C "$fast/origin" -c user.name=bench -c user.email=bench@example.com -c commit.gpgsign=false commit -qm tree
}
prepare_clone() { rm -rf "$fast/g"; };  command_clone() { cmd=(git clone -q "file://$fast/origin" "$fast/g"); }

make_make() {
  local i
  mkdir "$work/c"
  for i in {1..100}; do printf '#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\nint f%d(int n) { char b[64]; snprintf(b, sizeof b, "%%d", n); return (int)strlen(b) + atoi(b); }\n' "$i" > "$work/c/f$i.c"; done
  printf 'OBJ := $(patsubst %%.c,%%.o,$(wildcard *.c))\nall: $(OBJ)\nclean:\n\trm -f *.o\n' > "$work/c/Makefile"
}
prepare_make() { make -s -C "$work/c" clean; };  command_make() { cmd=(make -s -j2 -C "$work/c"); }

# Two widely used tools with what they depend on, fetched once by the ordinary npm; nothing is fetched while it is
# measured.
npm_packages() { grep -c '"node_modules/' "$work/npm/package-lock.json"; }
make_npm() {
  mkdir "$work/npm" && echo '{"name": "app", "version": "1.0.0", "dependencies": {"eslint": "8.57.1", "webpack": "5.97.1"}}' > "$work/npm/package.json" &&
    npm install --prefix "$work/npm" --cache "$work/npm-cache" --ignore-scripts --no-audit --no-fund --omit-lockfile-registry-resolved=false &&
    npm ci --prefix "$work/npm" --cache "$work/npm-cache" --ignore-scripts --no-audit --no-fund
}
prepare_npm() { rm -rf "$work/npm/node_modules"; }
command_npm() { cmd=(npm ci --prefix "$work/npm" --cache "$work/npm-cache" --offline --ignore-scripts --no-audit --no-fund --no-update-notifier); }

# The plug-ins are those of central-build, so that they are in the local repository after a build of this project.
make_maven() {
  local i version
  version() { sed -n "/<artifactId>maven-$1-plugin</{n;s/.*<version>\(.*\)<.*/\1/p;}" central-build/pom.xml | head -n 1; }
  mkdir -p "$work/m/src/main/java/m"
  for i in {1..60}; do echo "package m; public class C$i { public int f(int n) { return n * $i; } public String toString() { return \"\" + f($i); } }" > "$work/m/src/main/java/m/C$i.java"; done
  {
    echo '<project><modelVersion>4.0.0</modelVersion><groupId>m</groupId><artifactId>m</artifactId><version>1</version>'
    echo '<properties><maven.compiler.release>17</maven.compiler.release><project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties><build><plugins>'
    for i in clean resources compiler surefire jar; do echo "<plugin><artifactId>maven-$i-plugin</artifactId><version>$(version $i)</version></plugin>"; done
    echo '</plugins></build></project>'
  } > "$work/m/pom.xml"
  mvn -B -q -ntp -f "$work/m/pom.xml" -DskipTests clean package && mvn -B -q -o -f "$work/m/pom.xml" -DskipTests clean package
}
prepare_maven() { rm -rf "$work/m/target"; };  command_maven() { cmd=(mvn -B -q -o -f "$work/m/pom.xml" -DskipTests package); }

# An HTTPS and HTTP server on loopback, reached by a name that a rule allows.
web_at=127.0.$((RANDOM % 200 + 20)).$((RANDOM % 200 + 20))
make_https() {
  [ ! -e "$work/ready" ] || return 0
  gcc -O2 -o "$work/dns-server" native-helper/tests/programs/dns-server.c &&
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/key" -out "$work/certificate" -days 2 \
      -subj /CN=good.loop.test -addext subjectAltName=DNS:good.loop.test || return 1
  "$work/dns-server" "$work/dns.port" "$web_at" & servers+=($!)
  node native-helper/tests/programs/web-server.js "$web_at" "$work/key" "$work/certificate" "$work/ready" & servers+=($!)
  for _ in {1..100}; do [ -s "$work/ready" ] && [ -s "$work/dns.port" ] && break; sleep 0.1; done
  [ -s "$work/ready" ] || { echo "the server did not start"; return 1; }
  local lines=("loopback own" "dns-upstream 127.0.0.1 $(cat "$work/dns.port")" "rule n1 allow tcp name good.loop.test 80,443")
  policy audit "${lines[@]}" > "$work/audit.web"; policy block "${lines[@]}" > "$work/block.web"; policy block "sni check" "${lines[@]}" > "$work/block+sni.web"
}
make_download() { make_https; }
web() { # the same address without DNS where nobody answers for the helper
  cmd=(curl -s --cacert "$work/certificate" "$@")
  case $mode in none | strace | ebpf | fanotify) cmd+=(--resolve "good.loop.test:443:$web_at" --resolve "good.loop.test:80:$web_at") ;; esac
}
prepare_https() { :; };     command_https() { web --no-keepalive -H 'Connection: close' -o /dev/null "https://good.loop.test/[1-200]"; }
prepare_download() { :; };  command_download() { web -o /dev/null "http://good.loop.test/big?n=1000000000"; }

# Shared by ./start and ./test: install what is missing, build what is out of date. Sourced, not run.
# Every step prints one line with its time; a failure prints one sentence and ends with a code that is not 0.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
logs=${TMPDIR:-/tmp}/beian-steps-$$.log

RUN_PACKAGES="build-essential pkg-config meson ninja-build python3 ca-certificates libmicrohttpd-dev libsqlite3-dev libgcrypt20-dev
  libcurl4-openssl-dev libssl-dev libpsl-dev publicsuffix libidn2-dev libunistring-dev libc-ares-dev libseccomp-dev libpng-dev
  libjpeg62-turbo-dev zlib1g-dev libpq-dev"
TEST_PACKAGES="chromium fonts-noto-cjk clang clang-format clang-tidy libclang-rt-14-dev curl jq procps postgresql"

exec 4>&2 # where a sentence to the person goes, also from inside a step

fail() {
  printf '%s\n' "$*" >&4
  exit 1
}

# What of a failed step's output says why: the lines with an error, else its end.
said() {
  grep -E '(ERR!|(^|[^W])[Ee]rror|FAILED:|^E: )' "$1" | head -n 25 | grep . || tail -n 25 "$1"
}

# step "what" command…: runs quietly, one line with the seconds; on failure what says why.
step() {
  local what=$1 from=$EPOCHREALTIME
  shift
  if ! "$@" >"$logs" 2>&1; then
    printf '%s: failed. What it said:\n' "$what" >&2
    said "$logs" >&2
    rm -f "$logs"
    exit 1
  fi
  rm -f "$logs"
  awk -v w="$what" -v a="$from" -v b="$EPOCHREALTIME" 'BEGIN { printf "%-34s %6.1f s\n", w, b - a }'
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else fail "Packages are missing and this needs root or sudo: $*"
  fi
}

missing_packages() {
  local all have
  all=$(tr -s ' \n' '\n\n' <<<"$*" | sed '/^$/d' | sort -u)
  have=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | awk '$1 == "installed" { print $2 }' | sort -u)
  comm -23 <(printf '%s\n' "$all") <(printf '%s\n' "$have")
}

install_packages() {
  command -v dpkg-query >/dev/null || fail "This needs Debian 12 or newer (dpkg was not found)."
  local missing wanted="$*"
  # A newer Node that is there already is used as it is.
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then wanted="$wanted nodejs npm"; fi
  missing=$(missing_packages "$wanted")
  [ -n "$missing" ] || return 0
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update
  # shellcheck disable=SC2086
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $missing
}

check_node() {
  local major
  major=$(node -p 'process.versions.node.split(".")[0]')
  [ "$major" -ge 18 ] || fail "Node $major is too old: 18.20 or newer is needed."
}

# build_c DIRECTORY meson-options…
build_c() {
  local dir=$1
  shift
  [ -f "$dir/build.ninja" ] || meson setup "$dir" "$root" "$@"
  ninja -C "$dir"
}

# Hash of every file below the folders that is no product of a build.
sources_hash() {
  find "$@" \( -name node_modules -o -name dist \) -prune -o -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

# npm_ci FOLDER: only when the lock file changed since the last time.
npm_ci() {
  local want
  want=$(sha256sum <"$1/package-lock.json")
  [ "$(cat "$1/node_modules/.beian" 2>/dev/null)" = "$want" ] && return 0
  (cd "$1" && npm ci --no-audit --no-fund --loglevel=error) || return 1
  printf '%s' "$want" >"$1/node_modules/.beian"
}

build_ui() {
  local want
  want=$(sources_hash "$root/web")
  [ -f "$root/web/dist/index.html" ] && [ "$(cat "$root/web/dist/.beian" 2>/dev/null)" = "$want" ] && return 0
  npm_ci "$root/web" && (cd "$root/web" && npm run build) || return 1
  printf '%s' "$want" >"$root/web/dist/.beian"
}

# check_address NAME VALUE: host:port, or one sentence and the end.
check_address() {
  [[ $2 =~ ^(\[[0-9A-Fa-f:]+\]|[^:]+):([0-9]{1,5})$ ]] && ((10#${BASH_REMATCH[2]} >= 1 && 10#${BASH_REMATCH[2]} <= 65535)) ||
    fail "$1 must be ADDRESS:PORT with a port from 1 to 65535, for example 127.0.0.1:8080; it is \"$2\"."
}

# True when something listens at host:port.
listens() {
  (exec 3<>"/dev/tcp/${1%:*}/${1##*:}") 2>/dev/null
}

# make_secret FILE: 64 hex characters, readable by the owner alone.
make_secret() {
  [ -s "$1" ] || (umask 077 && od -An -tx1 -N32 /dev/urandom | tr -d ' \n' >"$1")
}

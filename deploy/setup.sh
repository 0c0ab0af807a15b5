#!/usr/bin/env bash
# Brings a machine to where `make` can work: Python packages and system libraries.
# Done before, it ends in a blink.
#
#   deploy/setup.sh runtime       what the portal needs to run
#   deploy/setup.sh development   and what tests and checks need
set -euo pipefail
umask 022 # the embedded servers of root run as somebody who must read the packages
cd "$(dirname "$0")/.."

kind=${1:?runtime or development}
log=var/setup.log
case $kind in
runtime) requirements=requirements.txt ;;
development) requirements=requirements-dev.txt ;;
*) echo "usage: $0 runtime|development" >&2 && exit 2 ;;
esac

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    else
        sudo -n "$@"
    fi
}

apt_get() {
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -o DPkg::Lock::Timeout=120 "$@" </dev/null >>"$log" 2>&1
}

# Installs Debian packages, or says which ones are missing.
install_system_packages() {
    command -v apt-get >/dev/null ||
        fail "Missing on this machine, install it by its own means: $*"
    as_root true 2>/dev/null ||
        fail "Missing system packages. Run: sudo apt-get install --no-install-recommends $*"
    echo "Installing system packages: $*"
    apt_get update || true # old lists may do
    apt_get install --yes --no-install-recommends "$@" ||
        fail "The system packages could not be installed (no network?): $*. Details: $log"
}

find_python() {
    local candidate
    for candidate in "${PYTHON:-}" python3.11 python3 python3.12 python3.13; do
        if [ -n "$candidate" ] && "$candidate" -c \
            'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    fail "Python 3.11 or newer is needed. Run: sudo apt-get install python3 python3-venv"
}

make_environment() {
    local python
    python=$(find_python)
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        install_system_packages "$("$python" -c \
            'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    "$python" -m venv --clear .venv >>"$log" 2>&1 ||
        fail "The virtual environment .venv could not be made. Details: $log"
}

install_python_packages() {
    echo "Installing Python packages (once; takes a minute or two)"
    .venv/bin/python -m pip install --disable-pip-version-check --no-input --retries 2 \
        --progress-bar off --require-hashes --requirement "$requirements" \
        </dev/null >>"$log" 2>&1 && return
    if tail -n 200 "$log" | grep -qE \
        'NewConnection|name resolution|ConnectTimeout|unreachable|Max retries|ProxyError'; then
        fail "No network: the Python packages cannot be downloaded. Connect this machine and run make again. Details: $log"
    fi
    fail "The Python packages could not be installed: $(tail -n 1 "$log"). Details: $log"
}

# What stands in .venv: for which directory and Python, from which lock.
stamp() {
    printf '%s\n' "$PWD" "$(.venv/bin/python --version 2>&1)" "$(sha256sum "$1")"
}

is_installed() {
    [ "$(cat ".venv/.$1" 2>/dev/null)" = "$(stamp "$2" 2>/dev/null)" ]
}

missing_libraries() {
    .venv/bin/python - "$@" <<'PYTHON'
import ctypes
import sys

for pair in sys.argv[1:]:
    library, package = pair.split("=")
    try:
        ctypes.CDLL(library)
    except OSError:
        print(package)
PYTHON
}

missing_programs() {
    local pair
    for pair in "$@"; do
        command -v "${pair%=*}" >/dev/null || echo "${pair#*=}"
    done
}

check_system() {
    # For WeasyPrint, which turns pages into PDF.
    missing_libraries libpango-1.0.so.0=libpango-1.0-0 \
        libpangoft2-1.0.so.0=libpangoft2-1.0-0 libharfbuzz.so.0=libharfbuzz0b \
        libharfbuzz-subset.so.0=libharfbuzz-subset0 libfontconfig.so.1=libfontconfig1
    missing_programs setpriv=util-linux
    if [ "$kind" = development ]; then
        missing_programs chromium=chromium pdftotext=poppler-utils qpdf=qpdf \
            zbarimg=zbar-tools xgettext=gettext
    fi
}

mkdir -p var 2>/dev/null && : >>"$log" 2>/dev/null ||
    fail "$PWD/var belongs to another user. Run as that user, or clone anew."
exec 9>>var/setup.lock
flock 9 # two at once would spoil each other's work

[ -x .venv/bin/python ] && [ "$(head -n 2 .venv/.environment 2>/dev/null)" = \
    "$(stamp "$requirements" | head -n 2)" ] || {
    make_environment
    stamp "$requirements" >.venv/.environment
}
if ! is_installed "$kind" "$requirements"; then
    install_python_packages
    stamp "$requirements" >".venv/.$kind"
    # Those of development hold those of the runtime.
    [ "$kind" = runtime ] || stamp requirements.txt >.venv/.runtime
fi
mapfile -t missing < <(check_system)
[ "${#missing[@]}" -eq 0 ] || install_system_packages "${missing[@]}"

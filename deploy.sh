#!/usr/bin/env bash
# Sets up this checkout and runs it, or tests it. `./deploy.sh help` says how.
set -euo pipefail

ROOT=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
VENV="$ROOT/.venv"
STAMP="$VENV/.installed" # written when an installation is complete: without it, .venv is made anew
readonly ROOT VENV STAMP

readonly DEFAULT_MODEL="efficientnet_lite0"
readonly RUN_EXTRAS="build"
readonly TEST_EXTRAS="build,test"
# Their own pins clash with ours, so they come without their dependencies.
readonly ORACLES=("torchattacks==3.5.1" "adv-lib==0.2.8")
# Debian 12's simplejpeg, which picamera2 imports, was built for numpy 1 and fails beside numpy 2.
readonly SIMPLEJPEG="simplejpeg==1.9.0"
readonly TEST_PACKAGES=(shellcheck xvfb xdotool gstreamer1.0-tools gstreamer1.0-plugins-base
  systemd systemd-container device-tree-compiler procps cage xwayland libegl1 libgles2 libwayland-egl1 libwayland-cursor0)
readonly CPU_INDEX="https://download.pytorch.org/whl/cpu"

usage() {
  cat <<EOF_USAGE
Usage: ./deploy.sh COMMAND

  run            set up what is missing, then open the exhibit; without a display, play demo visits
  test [--slow]  set up what is missing, then run the gate: formatting, lint, types,
                 imports, tests; --slow also measures and prints every figure
  help           print this

Both set up $VENV on a 64-bit Debian or Raspberry Pi OS with Python 3.11
or newer, and take seconds to set up again when nothing has changed.

Environment:
  KIOSK_TORCH_INDEX  the package index to take PyTorch from. The ordinary x86-64 wheels hold
                     gigabytes of CUDA; without an NVIDIA card, PyTorch's own CPU index is enough:
                     $CPU_INDEX
  KIOSK_STATE        the folder of models and stock pictures, instead of the user's data folder
EOF_USAGE
}

# --- words ---------------------------------------------------------------------------------------

say() { printf '==> %s\n' "$*"; }

warn() { printf 'deploy.sh: %s\n' "$*" >&2; }

fail() {
  warn "$*"
  exit 1
}

bad_usage() {
  warn "$*; ./deploy.sh help lists what there is"
  exit 2
}

# --- this machine --------------------------------------------------------------------------------

is_root() { [[ $(id -u) == 0 ]]; }

has_command() { command -v "$1" >/dev/null 2>&1; }

has_package() { [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

require_64_bit() {
  local machine bits
  machine=$(uname -m)
  bits=$(getconf LONG_BIT)
  [[ $bits == 64 ]] ||
    fail "this system is $bits-bit ($machine) and PyTorch needs 64-bit: install the 64-bit Raspberry Pi OS or Debian"
  [[ $machine == x86_64 || $machine == aarch64 ]] ||
    fail "this machine is $machine; there are packages for x86_64 and aarch64 only: use a machine of these kinds"
}

can_install() { is_root && has_command apt-get; }

apt_install() {
  apt-get update -qq || warn "apt-get update failed; going on with the package lists there are"
  DEBIAN_FRONTEND=noninteractive apt-get install -qq --no-install-recommends \
    -o DPkg::Lock::Timeout=120 "$@" >/dev/null
}

require_packages() {
  can_install || fail "$* is missing; install it with: sudo apt-get install $*"
  say "Installing $* with apt-get"
  apt_install "$@" || fail "apt-get could not install $*: its own lines above say why"
}

install_test_packages() {
  local package missing=()
  for package in "${TEST_PACKAGES[@]}"; do
    has_package "$package" || missing+=("$package")
  done
  ((${#missing[@]})) || return 0
  if ! can_install; then
    say "Some tests will be skipped; to run them all: sudo apt-get install ${missing[*]}"
    return 0
  fi
  say "Installing what some tests use with apt-get: ${missing[*]}"
  apt_install "${missing[@]}" || warn "apt-get could not install them; the tests that use them will be skipped"
}

# --- Python --------------------------------------------------------------------------------------

has_picamera2() { has_package python3-picamera2; }

# Prints version and prefix of a Python that is new enough.
python_identity() {
  "$1" -c 'import sys
print("%d.%d %s" % (sys.version_info[0], sys.version_info[1], sys.base_prefix))
sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

# Sets PYTHON and PYTHON_IDENTITY.
find_python() {
  local candidate identity candidates=(python3 python3.13 python3.12 python3.11)
  # picamera2 and libcamera are compiled for the distribution's Python alone.
  if has_picamera2; then candidates=(/usr/bin/python3); fi
  for candidate in "${candidates[@]}"; do
    if has_command "$candidate" && identity=$(python_identity "$candidate"); then
      PYTHON=$candidate
      PYTHON_IDENTITY=$identity
      return 0
    fi
  done
  return 1
}

require_python() {
  find_python && return
  has_command python3 &&
    fail "Python 3.11 or newer is needed and this system has $(python3 --version 2>&1): use Debian 12, Raspberry Pi OS Bookworm, or a newer one"
  require_packages python3 python3-venv
  find_python || fail "Python 3.11 or newer is needed: use Debian 12, Raspberry Pi OS Bookworm, or a newer one"
}

require_venv_module() {
  "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null && return
  require_packages "$(basename -- "$PYTHON")-venv"
}

# --- the virtual environment -----------------------------------------------------------------------

# Prints what .venv is made of: when one of these changes, it is made anew.
venv_identity() {
  local packages="own packages only"
  if has_picamera2; then packages="with the system's packages"; fi
  printf '%s, %s, in %s\n' "$PYTHON_IDENTITY" "$packages" "$ROOT"
}

# Prints a digest of what gets installed: when it changes, .venv is brought up to date.
requirements_digest() {
  { cat -- "$ROOT/pyproject.toml" && printf '%s\n' "$SIMPLEJPEG" "${ORACLES[@]}"; } | sha256sum | cut -d ' ' -f 1
}

stamp_line() { sed -n "$1p" "$STAMP" 2>/dev/null || true; }

has_same_venv() { [[ -x $VENV/bin/python && $(stamp_line 1) == "$(venv_identity)" ]]; }

is_installed() {
  has_same_venv && [[ $(stamp_line 2) == "$(requirements_digest)" && ",$(stamp_line 3)," == *",$1,"* ]]
}

write_stamp() {
  printf '%s\n' "$(venv_identity)" "$(requirements_digest)" "$1" >"$STAMP.new"
  mv -- "$STAMP.new" "$STAMP"
}

# One set-up at a time in this checkout; the lock ends with unlock_set_up or with this script.
lock_set_up() {
  has_command flock || return 0
  exec {LOCK}<"$ROOT"
  flock --nonblock "$LOCK" && return
  say "Another deploy.sh is setting up this checkout; waiting for it"
  flock "$LOCK"
}

unlock_set_up() {
  if [[ -v LOCK ]]; then exec {LOCK}<&-; fi
}

set_up() {
  require_64_bit
  require_python
  lock_set_up
  if is_installed "$1"; then
    say "Set-up is complete and nothing has changed"
  elif has_same_venv; then
    say "Something has changed since the last set-up: downloading only what .venv lacks"
    install_packages "$1"
  else
    make_venv
    install_packages "$1"
  fi
}

make_venv() {
  require_venv_module
  if [[ -e $VENV || -L $VENV ]]; then
    say "Removing the .venv there is: it is incomplete or of another Python"
    rm -rf -- "$VENV"
  fi
  announce_download
  say "Making .venv with $("$PYTHON" --version)"
  local options=()
  if has_picamera2; then options=(--system-site-packages); fi
  "$PYTHON" -m venv "${options[@]}" "$VENV" || fail "$VENV could not be made: the lines above say why"
}

announce_download() {
  if [[ $(uname -m) == aarch64 ]]; then
    say "About 350 MB to download, 1.5 GB on disk"
    require_disk_space 3
  elif [[ -n ${KIOSK_TORCH_INDEX-} ]]; then
    say "About 450 MB to download, 1.5 GB on disk, if $KIOSK_TORCH_INDEX has PyTorch without CUDA"
    require_disk_space 3
  else
    say "About 3.2 GB to download, 6.5 GB on disk: PyTorch for x86-64 comes with CUDA." \
      "Without an NVIDIA card, 450 MB will do: set KIOSK_TORCH_INDEX=$CPU_INDEX"
    require_disk_space 13
  fi
}

# While installing, the downloads, pip's cache of them and the unpacked files lie beside each other.
require_disk_space() {
  local free_kb
  free_kb=$(df -k --output=avail -- "$ROOT" | tail -n 1)
  ((free_kb >= $1 * 1000 * 1000)) ||
    fail "$ROOT: $((free_kb / 1000 / 1000)) GB are free and installing takes $1 GB for a while: free some space"
}

install_packages() {
  local extras=$1
  rm -f -- "$STAMP"
  if [[ -n ${KIOSK_TORCH_INDEX-} ]]; then install_torch_from "$KIOSK_TORCH_INDEX"; fi
  say "Installing the kiosk and what it needs; this takes a few minutes"
  pip_install --editable "${ROOT}[$extras]"
  if has_picamera2 && [[ $PYTHON_IDENTITY == "3.11 "* ]]; then
    say "Installing a simplejpeg that works beside numpy 2, for picamera2"
    pip_install "$SIMPLEJPEG"
  fi
  if [[ $extras == "$TEST_EXTRAS" ]]; then
    say "Installing other people's attacks, to compare ours with"
    pip_install --no-deps "${ORACLES[@]}"
  fi
  write_stamp "$extras"
}

install_torch_from() {
  local pins
  pins=$(torch_pins)
  mapfile -t pins <<<"$pins"
  say "Installing PyTorch from $1"
  pip_install --index-url "$1" "${pins[@]}"
}

# Prints pyproject.toml's torch and torchvision requirements, one a line; pip reads their markers.
torch_pins() {
  "$PYTHON" -c 'import re, sys, tomllib
with open(sys.argv[1], "rb") as file:
    project = tomllib.load(file)["project"]
for requirement in project["dependencies"] + project["optional-dependencies"]["build"]:
    if re.match(r"torch(vision)?\b(?!-)", requirement):
        print(requirement)' "$ROOT/pyproject.toml"
}

# Shows the downloads that take a while. They go through .venv, since /tmp may be small and in memory.
pip_install() {
  local scratch="$VENV/.pip" status=0
  mkdir -p -- "$scratch"
  TMPDIR=$scratch "$VENV/bin/python" -m pip install --progress-bar off --disable-pip-version-check "$@" |
    sed -u -n -e 's/^ *Downloading \(.* ([0-9.]* [MG]B)\)$/    \1/p' \
      -e 's/^Installing collected packages: .*/    unpacking what was downloaded/p' || status=$?
  rm -rf -- "$scratch"
  ((status == 0)) || fail "pip could not install everything: its lines above say why; ./deploy.sh tries again"
}

# --- run -----------------------------------------------------------------------------------------

run_kiosk() { "$VENV/bin/kiosk" "$@"; }

# Prints the state folder and the folder for demo visits, one a line.
kiosk_folders() {
  "$VENV/bin/python" -c 'import platformdirs
from kiosk.settings import load_settings
print(load_settings().state_folder().absolute())
print(platformdirs.user_cache_path("kiosk", appauthor=False) / "demo-visits")'
}

build_missing_model() {
  if [[ $1 == *"in use"* && -n $(stock_pictures "$2") ]]; then return 0; fi
  say "Building the model $DEFAULT_MODEL; this takes a minute or two"
  run_kiosk model build "$DEFAULT_MODEL"
}

stock_pictures() { find "$1/stock" -maxdepth 1 -name '*.png' 2>/dev/null | sort; }

has_display() { [[ -n ${DISPLAY-}${WAYLAND_DISPLAY-} ]] || grep -qsx connected /sys/class/drm/card*-*/status; }

# A window on a desktop, full screen on a device.
open_exhibit() {
  local options=()
  if [[ -n ${DISPLAY-}${WAYLAND_DISPLAY-} ]]; then options=(--window 1280x800); fi
  say "Opening the exhibit; Escape or Ctrl-C ends it"
  run_kiosk "${options[@]}"
}

play_demo_visits() {
  local stock=$1 visits=$2 picture pictures
  pictures=$(stock_pictures "$stock")
  mapfile -t pictures <<<"$pictures"
  for picture in "${pictures[@]}"; do
    say "A visit with $(basename -- "$picture" .png)"
    run_kiosk demo --picture "$picture" --out "$visits/$(basename -- "$picture" .png)"
  done
  say "Each visit's pictures lie in $visits; look at sheet.png first:"
  for picture in "${pictures[@]}"; do
    printf '    %s\n' "$visits/$(basename -- "$picture" .png)/sheet.png"
  done
}

run_command() {
  (($# == 0)) || bad_usage "run takes no arguments, not $1"
  set_up "$RUN_EXTRAS"
  local models folders
  models=$(COLUMNS=200 run_kiosk model list) # first of all: bad settings are one plain line here
  folders=$(kiosk_folders)
  mapfile -t folders <<<"$folders"
  build_missing_model "$models" "${folders[0]}"
  unlock_set_up
  if has_display; then
    open_exhibit
  else
    say "There is no display here, so no exhibit opens; it plays visits without one instead"
    play_demo_visits "${folders[0]}" "${folders[1]}"
  fi
}

# --- test ----------------------------------------------------------------------------------------

check() {
  local name=$1 status=0
  shift
  say "$name"
  (cd -- "$ROOT" && PATH="$VENV/bin:$PATH" && "$@") || status=$?
  ((status == 0)) && return
  warn "the gate FAILED at $name (exit $status) after $SECONDS s"
  exit "$status"
}

test_command() {
  local pytest_options=()
  case "$#${1-}" in
    0) ;;
    1--slow) pytest_options=(--slow -s) ;;
    *) bad_usage "test takes --slow or nothing, not $*" ;;
  esac
  set_up "$TEST_EXTRAS"
  install_test_packages
  unlock_set_up
  check "ruff format --check" ruff format --check .
  check "ruff check" ruff check .
  check "mypy" mypy
  check "lint-imports" lint-imports
  check "pytest" pytest -q --durations=10 "${pytest_options[@]}"
  say "The gate passed in $SECONDS s: formatting, lint, types, imports, tests"
}

main() {
  case "${1-}" in
    run) run_command "${@:2}" ;;
    test) test_command "${@:2}" ;;
    help | -h | --help) usage ;;
    "") bad_usage "name a command" ;;
    *) bad_usage "no such command: $1" ;;
  esac
}

main "$@"

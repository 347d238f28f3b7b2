#!/usr/bin/env bash
# Sets up this checkout and runs it, tests it, or puts it on a device. `./deploy.sh help` says how.
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
readonly TEST_PACKAGES=(shellcheck xvfb xdotool gstreamer1.0-tools gstreamer1.0-plugins-base openssh-client sudo
  strace xserver-xephyr x11-xserver-utils gcc libc6-dev e2fsprogs
  poppler-utils cups-daemon cups-client systemd systemd-container udev device-tree-compiler procps cage xwayland libegl1 libgles2 libwayland-egl1 libwayland-cursor0)
# What goes to a device: what runs, what the kiosk's package names, and what installs it.
readonly RELEASE_FILES=(kiosk systemd firmware_config pyproject.toml README.md LICENSE THIRD_PARTY_NOTICES.md)
readonly SLOW_GROUPS="$ROOT/tests/figures/groups.txt"
readonly FIGURES="$ROOT/dist/figures" # what each group measured
DOOR=/usr/local/lib/kiosk/kiosk-release
readonly NO_PYTHON=3 # its exit status
readonly CPU_INDEX="https://download.pytorch.org/whl/cpu"

usage() {
  cat <<EOF_USAGE
Usage: ./deploy.sh COMMAND

  run            set up what is missing, then open the exhibit; without a display, play demo visits
  test           set up what is missing, then run the gate: formatting, lint, types,
                 imports, tests
  test --slow [GROUP...]
                 the gate with every test, on every photograph: group after group, or only those that
                 are named, without formatting, lint, types and imports; at the end a table of all figures
  help           print this

Both set up $VENV on a 64-bit Debian or Raspberry Pi OS with Python 3.11
or newer, and take seconds to set up again when nothing has changed.

The groups of test --slow, and the minutes after which each is ended:

$(slow_groups_told)

Each call goes on where the one before ended, failed or was interrupted, as long as git says that the
commit and all that differs from it are the same: of a group that was not completed, the tests that
passed are left out, and what failed or was skipped is run again; a group that was completed is run
again, as a whole, only when it is named. dist/figures keeps what was measured in a file for each
group (remove it to begin that group anew), dist/figures.json the table of all of them.

On a device, over ssh with a key (USER is root, or may use sudo without a password; after a first push
sudo for /usr/local/lib/kiosk/kiosk-release alone is enough):

  push USER@HOST [--jetson] [--wheelhouse DIR] [--model] [--older] [--signers FILE] [--dry-run]
                 bring this checkout's release to the device, check it beside the running one, switch
                 to it, and go back to the earlier one if it does not get ready; --wheelhouse for a
                 device without a network; --model builds the model again for it; --older also where
                 a newer release runs; --signers makes the public keys in FILE, one a line, those whose
                 releases the device takes from now on; --dry-run only says what would change
  rollback USER@HOST
                 go back to the release before
  forget-pin USER@HOST
                 remove the staff's PIN, so that a new one is chosen on the screen
  status USER@HOST, logs USER@HOST
                 what runs there; what it logged last
  wheelhouse [--platform aarch64|x86_64] [--python 3.13] DIR
                 download the Python packages of a device into DIR; DIR may hold several kinds
  stick [--wheelhouse DIR] DIR
                 write this checkout's release to a USB stick mounted at DIR, for a device without a
                 network: staff install it on its screen; --wheelhouse where it needs new packages

What push and stick bring is signed by your ssh key. A device trusts the key of its first push, and from
then on takes releases of that key alone, or of those that a later push names with --signers.

Environment:
  KIOSK_SIGNING_KEY  the ssh key to sign by, private, or public where an agent has it, instead of the first
                     that ssh has for the device
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
  local package missing=() programs=("${TEST_PACKAGES[@]}")
  # Tests run its program in a folder of their own; on a desktop it would become a server that is always there.
  if [[ ! -d /run/systemd/system ]]; then programs+=(openssh-server); fi
  for package in "${programs[@]}"; do
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
  { cat -- "$ROOT/pyproject.toml" && printf '%s\n' "${ORACLES[@]}"; } | sha256sum | cut -d ' ' -f 1
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
  local extras=$1 wanted=$1
  if has_picamera2; then wanted+=,picamera2; fi
  rm -f -- "$STAMP"
  if [[ -n ${KIOSK_TORCH_INDEX-} ]]; then install_torch_from "$KIOSK_TORCH_INDEX"; fi
  say "Installing the kiosk and what it needs; this takes a few minutes"
  pip_install --editable "${ROOT}[$wanted]"
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
from kiosk.settings.files import load_settings
print(load_settings().state_folder().absolute())
print(platformdirs.user_cache_path("kiosk", appauthor=False) / "demo-visits")'
}

build_missing_model() {
  if [[ $1 == *"in use"* && -n $(stock_pictures "$2") ]]; then return 0; fi
  say "Building the model $DEFAULT_MODEL; this takes a minute or two"
  run_kiosk model build "$DEFAULT_MODEL" --no-stickers # which take minutes: kiosk patch build makes them
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

in_venv() { (cd -- "$ROOT" && PATH="$VENV/bin:$PATH" && "$@"); }

check() {
  local name=$1 status=0
  shift
  say "$name"
  in_venv "$@" || status=$?
  ((status == 0)) && return
  warn "the gate FAILED at $name (exit $status) after $SECONDS s"
  exit "$status"
}

test_command() {
  if (($#)); then
    [[ $1 == --slow ]] || bad_usage "test takes --slow or nothing, not $*"
    require_slow_groups "${@:2}"
  fi
  set_up "$TEST_EXTRAS"
  install_test_packages
  unlock_set_up
  if (($# > 1)); then
    measure "${@:2}"
    say "Done in $SECONDS s"
    return
  fi
  check "ruff format --check" ruff format --check .
  check "ruff check" ruff check .
  check "mypy" mypy
  check "lint-imports" lint-imports
  if (($#)); then
    measure
  else
    MODELS=$(mktemp -d)
    trap 'rm -rf -- "$MODELS"' EXIT
    KIOSK_STATE="$MODELS" check "the tests' model" kiosk model build "$DEFAULT_MODEL" --no-stickers
    check "pytest" pytest -q -n 2 --durations=10 --state="$MODELS" -m "not timed"
    check "pytest, what has screens and deadlines" pytest -q -n 2 --durations=10 --state="$MODELS" -m timed
  fi
  say "The gate passed in $SECONDS s: formatting, lint, types, imports, tests"
}

# --- test --slow ---------------------------------------------------------------------------------

# Prints a line for each group: its name, its minutes, its places, # what it measures.
slow_groups() { sed '/^#/d' -- "$SLOW_GROUPS"; }

# Prints the places of a group's tests, one a line; of all groups for a name of *.
slow_places() {
  local name places place
  cd -- "$ROOT"
  shopt -s nullglob
  while read -r name _ places; do
    # shellcheck disable=SC2053  # the name may be a pattern
    [[ $name == $1 ]] || continue
    for place in ${places%%#*}; do printf '%s\n' "$place"; done
  done < <(slow_groups)
}

slow_group_names() { slow_groups | cut -d ' ' -f 1; }

slow_groups_told() {
  local name minutes rest
  while read -r name minutes rest; do
    printf '  %-9s %d min  %s\n' "$name" "$minutes" "${rest#*# }"
  done < <(slow_groups)
}

require_slow_groups() {
  local name names
  names=$(slow_group_names)
  for name in "$@"; do
    grep -qxF -e "$name" <<<"$names" || bad_usage "there is no slow group $name, only ${names//$'\n'/, }"
  done
}

# Prints what tells this state of the tree from others: the commit, and a digest of all that differs from it.
tree_identity() {
  local commit changes=""
  if ! commit=$(git -C "$ROOT" rev-parse --verify HEAD 2>/dev/null); then
    echo "without git, at $EPOCHREALTIME" # never the same again: nothing would tell that the tree has changed
    return
  fi
  if [[ -n $(git -C "$ROOT" status --porcelain) ]]; then
    changes=$(cd -- "$ROOT" && {
      git diff --binary HEAD
      git ls-files --others --exclude-standard -z | xargs -0 --no-run-if-empty sha256sum || true
    } | sha256sum)
  fi
  printf '%s\n' "${commit:0:12}${changes:++${changes:0:12}}"
}

# Measures the groups that are named, or else all that are not measured yet.
measure() {
  local name names tree failed=()
  tree=$(tree_identity)
  names=$(slow_group_names)
  if (($#)); then names=$(printf '%s\n' "$@"); fi
  mkdir -p -- "$FIGURES"
  trap 'warn "interrupted; the next call goes on from here"; exit 130' INT
  for name in $names; do
    if ! is_measured "$name" "$tree"; then
      run_slow_group "$name" "$tree" || failed+=("$name")
    elif (($#)); then
      rm -- "$FIGURES/$name.jsonl"
      run_slow_group "$name" "$tree" || failed+=("$name")
    else
      say "The slow group $name was completed for this state of the tree; name it to run it anew"
    fi
  done
  trap - INT
  in_venv python -m tests.figures.table "$FIGURES" "$tree"
  ((${#failed[@]} == 0)) || fail "not all slow tests passed, after $SECONDS s; see ${failed[*]}"
}

is_measured() {
  local first_and_last
  first_and_last=$(sed -n '1p;$p' "$FIGURES/$1.jsonl" 2>/dev/null) || return 1
  [[ $first_and_last == *"\"$2\""*'"complete"'* ]]
}

run_slow_group() {
  local name=$1 tree=$2 minutes places status=0
  read -r _ minutes _ < <(slow_groups | grep "^$name ")
  if [[ $name == ordinary ]]; then
    mapfile -t places < <(slow_places '*')
    places=("${places[@]/#/--deselect=}")
  else
    mapfile -t places < <(slow_places "$name")
  fi
  say "The slow group $name, $minutes minutes at the most"
  # Its signal is that of Ctrl-C, by which pytest ends what its tests have started.
  in_venv timeout --foreground --signal=INT --kill-after=60 "${minutes}m" \
    pytest -q --slow --timeout=1800 --durations=5 \
    --keep-figures "$FIGURES/$name.jsonl" --tree "$tree" "${places[@]}" || status=$?
  if ((status == 124 || status == 137)); then
    warn "the slow group $name was ended after its $minutes minutes; the next call goes on from there"
  elif ((status)); then
    warn "the slow group $name FAILED (exit $status)"
  fi
  return "$status"
}

# --- on a device ---------------------------------------------------------------------------------

# Makes SCRATCH, which goes with this script, as does the connection to a device.
make_scratch() {
  KIT=""
  SCRATCH=$(mktemp -d)
  trap clean_up EXIT
}

clean_up() {
  if [[ -n $KIT ]]; then remote "rm -rf -- $KIT" </dev/null 2>/dev/null || true; fi
  if [[ -S $SCRATCH/ssh ]]; then ssh -o ControlPath="$SCRATCH/ssh" -O exit -- "$DEVICE" 2>/dev/null || true; fi
  rm -rf -- "$SCRATCH"
}

# Runs a shell command on the device. All go through one connection, and none ever asks for a password.
remote() {
  ssh -o BatchMode=yes -o PreferredAuthentications=publickey -o ConnectTimeout=15 -o ServerAliveInterval=15 -o ServerAliveCountMax=8 \
    -o ControlMaster=auto -o ControlPersist=60 -o ControlPath="$SCRATCH/ssh" -- "$DEVICE" "$1"
}

# Finds the device's own kiosk-release, the DOOR; before a first push this checkout's is sent there, to KIT.
# shellcheck disable=SC2016  # what remote runs is expanded there
connect() {
  local found status=0
  has_command ssh || fail "ssh is missing; install it with: sudo apt-get install openssh-client"
  found=$(tar -c -C "$ROOT" --exclude=__pycache__ systemd firmware_config |
    remote 'if [ -x '"$DOOR"' ] && [ -s /etc/kiosk/allowed_signers ]; then cat >/dev/null; echo its own; else
      kit=$(mktemp -d /tmp/kiosk-kit.XXXXXX) && tar -x --no-same-owner -C "$kit" && echo "$kit"; fi' |
    tail -n 1) || status=$?
  ((status != 255)) ||
    fail "$DEVICE: no connection without a question; make this work first: ssh-copy-id $DEVICE; ssh $DEVICE"
  if [[ $status == 0 && $found =~ ^/tmp/kiosk-kit\.[[:alnum:]]+$ ]]; then
    KIT=$found
    DOOR="sh $KIT/systemd/lib/kiosk-release"
  elif [[ $status != 0 || $found != "its own" ]]; then
    fail "$DEVICE: nothing can be sent to it: the lines above say why"
  fi
}

# Runs kiosk-release on the device, as root. What fails may be that its user may not become root: then that is said.
on_device() {
  local status=0 tried=0
  at_door "$@" || status=$?
  case $status in
    0) ;;
    255) warn "$DEVICE: the connection was lost" ;;
    "$NO_PYTHON") fail "$DEVICE: the line above says what it lacks" ;;
    *)
      at_door version </dev/null &>/dev/null || tried=$?
      ((tried == 0 || tried == 255)) ||
        fail "$DEVICE: its user may not become root without a password, as on Raspberry Pi OS since 2026; allow it once:" \
          "ssh -t $DEVICE 'echo \"\$USER ALL=(ALL) NOPASSWD: ALL\" | sudo tee /etc/sudoers.d/90-kiosk'"
      ;;
  esac
  return "$status"
}

at_door() {
  # shellcheck disable=SC2016  # what remote runs is expanded there
  remote '[ "$(id -u)" = 0 ] || as_root="sudo -n"; $as_root '"$DOOR $*"
}

# Runs one of kiosk-release's commands that take nothing.
device_command() {
  [[ $# == 2 && $2 != -* ]] || bad_usage "$1 takes USER@HOST and nothing else"
  DEVICE=$2
  make_scratch
  connect
  on_device "$1" </dev/null
}

# --- signing ---------------------------------------------------------------------------------------

# Sets SIGNING_KEY: what ssh would use for a host, as far as it is there or an agent has it.
find_signing_key() {
  local file
  SIGNING_KEY=${KIOSK_SIGNING_KEY-}
  if [[ -n $SIGNING_KEY ]]; then
    [[ -f $SIGNING_KEY ]] || fail "KIOSK_SIGNING_KEY: there is no file $SIGNING_KEY"
    return
  fi
  ssh-add -L >"$SCRATCH/agent" 2>/dev/null || true
  while read -r file; do
    file=${file/#\~/$HOME}
    if [[ -f $file ]]; then
      SIGNING_KEY=$file
    elif [[ -f $file.pub ]] && grep -qF -- "$(cut -d ' ' -f 1,2 -- "$file.pub")" "$SCRATCH/agent"; then
      SIGNING_KEY=$file.pub
    fi
    [[ -z $SIGNING_KEY ]] || return 0
  done < <(ssh -G -- "$1" 2>/dev/null | sed -n 's/^identityfile //p')
  grep -m 1 '^[a-z]*-' "$SCRATCH/agent" >"$SCRATCH/agent.pub" ||
    fail "there is no ssh key to sign the release by: make one with ssh-keygen -t ed25519, or name one in KIOSK_SIGNING_KEY"
  SIGNING_KEY=$SCRATCH/agent.pub
}

# Prints the public half of SIGNING_KEY.
public_key() {
  if [[ $SIGNING_KEY == *.pub ]]; then
    cat -- "$SIGNING_KEY"
  elif [[ -f $SIGNING_KEY.pub ]]; then
    cat -- "$SIGNING_KEY.pub"
  else
    ssh-keygen -y -f "$SIGNING_KEY"
  fi
}

# Prints SIGNING_KEY's fingerprint and comment, by which a device and its staff know it.
signer() { public_key | ssh-keygen -l -f - | cut -d ' ' -f 2-; }

# Turns public keys, one a line, into ssh-keygen's list of allowed signers. Each is named by its comment.
as_signers() {
  sed -e 's/#.*//' -e '/^[[:space:]]*$/d' | awk '{
    name = $3 == "" ? "key" : $3
    gsub(/[^A-Za-z0-9@._+-]/, "-", name)
    print name, "namespaces=\"kiosk-update@kiosk\"", $1, $2 }'
}

# Writes the signed archive of a folder to standard output.
signed() { "$PYTHON" -B "$ROOT/systemd/lib/signed_release.py" "$1" "$RELEASE" "$SIGNING_KEY" "${@:2}"; }

# --- push ----------------------------------------------------------------------------------------

push_command() {
  read_push_arguments "$@"
  make_scratch
  require_python
  find_signing_key "$DEVICE"
  bundle_release
  say "Release $RELEASE, for $DEVICE, signed by $(signer)"
  connect
  bundle_signers
  PLAN=$(signed "$SCRATCH/kit" | on_device plan "${DEVICE_OPTIONS[@]}")
  if [[ -z $(planned change) && $NEW_MODEL == no ]]; then
    say "Nothing to do: $DEVICE runs it already ($SECONDS s)"
  elif [[ $DRY_RUN == yes ]]; then
    say "A push would"
    planned change | sed 's/^/    /'
  else
    if [[ $NEW_MODEL == yes || $(planned model) == absent ]]; then bundle_model "$(planned machine)"; fi
    send_bundle
  fi
}

# Sets DEVICE, WHEELHOUSE, NEW_MODEL, SIGNERS, DRY_RUN, DEVICE_OPTIONS and SIGNED_OPTIONS.
read_push_arguments() {
  DEVICE="" WHEELHOUSE="" NEW_MODEL=no SIGNERS="" DRY_RUN=no DEVICE_OPTIONS=() SIGNED_OPTIONS=()
  while (($#)); do
    case $1 in
      --jetson) DEVICE_OPTIONS+=(--jetson) ;;
      --model) NEW_MODEL=yes ;;
      --older) SIGNED_OPTIONS+=(--older) ;;
      --signers)
        grep -qs '^[a-z]*-' -- "${2-}" || bad_usage "--signers takes a file of public keys, one a line"
        SIGNERS=$2
        shift
        ;;
      --dry-run) DRY_RUN=yes ;;
      --wheelhouse)
        take_wheelhouse "${2-}"
        shift
        ;;
      -*) bad_usage "push has no option $1" ;;
      *)
        [[ -z $DEVICE ]] || bad_usage "push takes one USER@HOST, not also $1"
        DEVICE=$1
        ;;
    esac
    shift
  done
  [[ -n $DEVICE ]] || bad_usage "push takes USER@HOST"
}

# Prints what the device's plan says of a key.
planned() { sed -n "s/^$1=//p" <<<"$PLAN"; }

# Copies this checkout's release to the bundle; sets RELEASE, which names its content.
bundle_release() {
  local version digest folder="$SCRATCH/bundle/release"
  mkdir -p -- "$folder"
  tar -c -C "$ROOT" --exclude=__pycache__ --exclude='.*' "${RELEASE_FILES[@]}" | tar -x -C "$folder"
  version=$(sed -n '/^\[project\]/,/^\[[^p]/ s/^version = "\(.*\)"/\1/p' "$folder/pyproject.toml")
  digest=$(cd -- "$folder" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
  RELEASE="$version-${digest:0:12}"
}

# Adds who may sign: the keys of --signers, or at a first push the one that signs. The plan needs no more than the KIT.
bundle_signers() {
  mkdir -p -- "$SCRATCH/kit/release"
  cp -a -- "$SCRATCH"/bundle/release/{systemd,firmware_config,pyproject.toml} "$SCRATCH/kit/release"
  if [[ -n $SIGNERS ]]; then
    as_signers <"$SIGNERS" >"$SCRATCH/bundle/signers"
  elif [[ -n $KIT ]]; then
    public_key | as_signers >"$SCRATCH/bundle/signers"
  else
    return 0
  fi
  cp -- "$SCRATCH/bundle/signers" "$SCRATCH/kit/signers"
}

# Builds the default model here: a device needs none of the packages that building takes.
bundle_model() {
  local machine=$1 activations=uint8
  if [[ $machine == aarch64 ]]; then activations=int8; fi
  set_up "$RUN_EXTRAS"
  unlock_set_up
  say "Building the model $DEFAULT_MODEL for $machine, and its stickers; this takes some minutes"
  KIOSK_STATE="$SCRATCH/state" run_kiosk model build "$DEFAULT_MODEL" --activations "$activations"
  find "$SCRATCH/state" -name float.onnx -delete # for comparisons only
  readlink -- "$SCRATCH/state/models/current" >"$SCRATCH/state/name"
  tar -c -f "$SCRATCH/bundle/model.tar" -C "$SCRATCH/state" .
}

# Sends the bundle, and the wheels that the device lacks, and has them installed.
send_bundle() {
  local options=("${DEVICE_OPTIONS[@]}") wheels=()
  if [[ -n $WHEELHOUSE ]]; then
    options+=(--offline)
    fitting_wheels | cut -d ' ' -f 1 >"$SCRATCH/bundle/wheelhouse.txt" ||
      fail "$WHEELHOUSE: no wheel is for Python $(planned python) on $(planned machine)"
    mapfile -t wheels < <(missing_wheels)
    bundle_wheels "${wheels[@]}"
    say "Sending it with the ${#wheels[@]} wheels that the device lacks"
  else
    say "Sending it"
  fi
  signed "$SCRATCH/bundle" "${SIGNED_OPTIONS[@]}" | on_device install "${options[@]}"
  say "Done in $SECONDS s"
}

bundle_wheels() {
  local wheel
  mkdir -- "$SCRATCH/bundle/wheels"
  for wheel; do ln -s -- "$WHEELHOUSE/$wheel" "$SCRATCH/bundle/wheels"; done
}

# Prints name and size of the wheels for the device's Python and processor: a wheelhouse may hold several kinds.
fitting_wheels() {
  local python
  python=cp$(planned python | tr -d .)
  find "$WHEELHOUSE" -maxdepth 1 -name '*.whl' -printf '%f %s\n' |
    grep -E -- "(-none-any|-($python|abi3|none)-[^-]*$(planned machine))\.whl " | LC_ALL=C sort
}

# Prints the names of those that the device has not, or not of that size.
missing_wheels() { comm -23 <(fitting_wheels) <(planned wheel | LC_ALL=C sort) | cut -d ' ' -f 1; }

# --- stick -----------------------------------------------------------------------------------------

# Writes what a push would send to one signed archive, which kiosk-update.service takes on the device.
stick_command() {
  local folder="" archive wheels=()
  WHEELHOUSE=""
  while (($#)); do
    case $1 in
      --wheelhouse) take_wheelhouse "${2-}" && shift ;;
      -*) bad_usage "stick has no option $1" ;;
      *)
        [[ -z $folder ]] || bad_usage "stick takes one folder, not also $1"
        folder=$1
        ;;
    esac
    shift
  done
  [[ -d $folder && -w $folder ]] || bad_usage "stick takes the folder where a USB stick is mounted"
  make_scratch
  require_python
  find_signing_key kiosk
  bundle_release
  if [[ -n $WHEELHOUSE ]]; then
    (cd -- "$WHEELHOUSE" && printf '%s\n' *.whl) >"$SCRATCH/bundle/wheelhouse.txt"
    mapfile -t wheels <"$SCRATCH/bundle/wheelhouse.txt"
    bundle_wheels "${wheels[@]}"
  fi
  archive="$folder/kiosk-update-$RELEASE.tar"
  signed "$SCRATCH/bundle" >"$archive.new" ||
    fail "$archive could not be written: the lines above say why"
  sync -- "$archive.new"
  mv -- "$archive.new" "$archive"
  say "$(du -h -- "$archive" | cut -f 1) in $archive, signed by $(signer): put the stick into the device; on its staff screen, Repair, Update"
}

# Sets WHEELHOUSE to a folder that must have wheels in it.
take_wheelhouse() {
  [[ -n $(find "$1" -maxdepth 1 -name '*.whl' -print -quit 2>/dev/null) ]] ||
    bad_usage "--wheelhouse takes a folder with wheels; ./deploy.sh wheelhouse DIR makes one"
  WHEELHOUSE=$(readlink -f -- "$1")
}

# --- wheelhouse ------------------------------------------------------------------------------------

# pip's --platform chooses among wheels, but which requirements apply it reads off the machine it runs on.
readonly PIP_FOR_A_DEVICE='import sys
from pip._vendor.packaging import markers
machine, version = sys.argv[1:3]
device = {**markers.default_environment(), "sys_platform": "linux", "platform_system": "Linux", "os_name": "posix",
          "platform_machine": machine, "python_version": version, "python_full_version": f"{version}.0"}
markers.default_environment = lambda: dict(device)
from pip._internal.cli.main import main
sys.exit(main(sys.argv[3:]))'

wheelhouse_command() {
  local folder="" platform=aarch64 version=3.13 package packages=()
  while (($#)); do
    case $1 in
      --platform | --python)
        (($# > 1)) || bad_usage "$1 takes a value"
        if [[ $1 == --platform ]]; then platform=$2; else version=$2; fi
        shift
        ;;
      -*) bad_usage "wheelhouse has no option $1" ;;
      *)
        [[ -z $folder ]] || bad_usage "wheelhouse takes one folder, not also $1"
        folder=$1
        ;;
    esac
    shift
  done
  [[ -n $folder ]] || bad_usage "wheelhouse takes a folder"
  [[ $platform == @(aarch64|x86_64) ]] || bad_usage "--platform takes aarch64 or x86_64, not '$platform'"
  [[ $version =~ ^3\.[0-9]+$ ]] || bad_usage "--python takes a version such as 3.13, not '$version'"
  require_python
  require_venv_module
  make_scratch
  "$PYTHON" -m venv "$SCRATCH/venv"
  mapfile -t packages < <("$PYTHON" "$ROOT/systemd/device_requirements.py" "$ROOT/pyproject.toml" picamera2)
  say "Downloading what a device with Python $version on $platform needs"
  for package in "${packages[@]}"; do
    [[ -n ${KIOSK_TORCH_INDEX-} && $package == torch==* ]] || continue
    download_wheels "$folder" "$platform" "$version" --no-deps --index-url "$KIOSK_TORCH_INDEX" "$package"
  done
  download_wheels "$folder" "$platform" "$version" "${packages[@]}"
  say "$(du -sh -- "$folder" | cut -f 1) of wheels lie in $folder: ./deploy.sh push USER@HOST --wheelhouse $folder"
}

download_wheels() {
  local folder=$1 platform=$2 version=$3 minor status=0 tags
  tags=(--platform "manylinux2014_$platform")
  for minor in {36..5}; do tags+=(--platform "manylinux_2_${minor}_$platform"); done # Debian 12 has glibc 2.36
  mkdir -p -- "$folder/.pip"
  TMPDIR="$folder/.pip" "$SCRATCH/venv/bin/python" -c "$PIP_FOR_A_DEVICE" "$platform" "$version" \
    download --progress-bar off --disable-pip-version-check --only-binary=:all: --python-version "$version" \
    "${tags[@]}" --find-links "$folder" --dest "$folder" "${@:4}" |
    sed -u -n 's/^ *Downloading \(.* ([0-9.]* [MG]B)\)$/    \1/p' || status=$?
  rm -rf -- "$folder/.pip"
  ((status == 0)) || fail "pip could not download everything: its lines above say why"
}

main() {
  case "${1-}" in
    run) run_command "${@:2}" ;;
    test) test_command "${@:2}" ;;
    push) push_command "${@:2}" ;;
    rollback | status | logs | forget-pin) device_command "$@" ;;
    wheelhouse) wheelhouse_command "${@:2}" ;;
    stick) stick_command "${@:2}" ;;
    help | -h | --help) usage ;;
    "") bad_usage "name a command" ;;
    *) bad_usage "no such command: $1" ;;
  esac
}

main "$@"

# shellcheck shell=bash
# What the scripts here share: a board's processor, and its Python packages, fetched and unpacked on this machine.
# Who sources this has sourced steps.bash, and sets CHECKOUT, and WHEELS, the folder of the downloads.

readonly PYTHON_VERSION=3.13 # Debian 13's
readonly BUILD_PACKAGES=(onnxscript skimage sklearn timm torchvision)

# Sets HOST_PYTHON, which can build models: the checkout's, or that of the virtual environment in use.
find_host_python() {
  for HOST_PYTHON in "$CHECKOUT/.venv/bin/python" "$(command -v python3)"; do
    [[ -x $HOST_PYTHON ]] && "$HOST_PYTHON" - "${BUILD_PACKAGES[@]}" <<<'
import importlib.util, sys
sys.exit(not all(map(importlib.util.find_spec, sys.argv[1:])))' && return
  done
  return 1
}

# Sets CPU, a board's processor for qemu, and MIDR, its number; writes to a file what the board's kernel says of it. This machine's own
# description must not be seen: of an x86-64's, ONNX Runtime's cpuinfo makes a null pointer.
choose_processor() {
  local board=$1 file=$2 part features number
  case $board in
    pi4) CPU=cortex-a72 MIDR=0x410fd083 part=0xd08 features="fp asimd evtstrm crc32 cpuid" ;;
    pi5)
      # shellcheck disable=SC2034  # for who called
      CPU=cortex-a76 MIDR=0x414fd0b1 part=0xd0b
      features="fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm lrcpc dcpop asimddp"
      ;;
  esac
  for ((number = 0; number < $(nproc --all); number++)); do
    printf '%s\t: %s\n' processor "$number" BogoMIPS 108.00 Features "$features" "CPU implementer" 0x41 \
      "CPU architecture" 8 "CPU variant" 0x0 "CPU part" "$part" "CPU revision" 3
    echo
  done >"$file"
}

requirements() { python3 "$CHECKOUT/systemd/device_requirements.py" "$CHECKOUT/pyproject.toml"; }

download_wheels() {
  local wanted
  wanted=$(requirements)
  if is_whole "$WHEELS" "$wanted"; then return; fi
  rm -rf -- "$WHEELS"
  "$CHECKOUT/deploy.sh" wheelhouse "$WHEELS" --platform aarch64 --python "$PYTHON_VERSION"
  printf '%s\n' "$wanted" >"$WHEELS/.whole"
}

# Unpacks wheels of another machine; that they suit its Python was seen when they were chosen.
unpack() {
  local minor tags=(--platform manylinux2014_aarch64)
  for minor in {36..17}; do tags+=(--platform "manylinux_2_${minor}_aarch64"); done
  host_pip install --quiet --no-deps --no-index --no-compile --upgrade --only-binary=:all: \
    --ignore-requires-python --implementation cp --python-version "$PYTHON_VERSION" "${tags[@]}" --target "$1" "${@:2}"
}

host_pip() { "$HOST_PYTHON" -m pip --disable-pip-version-check "$@"; }

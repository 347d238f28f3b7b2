# shellcheck shell=bash
# What the scripts share that make a Debian root and try something in it: steps, each in the log, and their results.
# Who sources this sets LOG, and TITLE for the results.

RESULTS=() FAILED=0

say() { printf '==> %s\n' "$*"; }

fail() {
  printf '%s: %s\n' "${0##*/device/}" "$*" >&2
  exit 1
}

# Runs a step, its output in the log; sets STATUS. In the background, since in a condition set -e would not hold.
run_step() {
  local name=$1 began=$SECONDS begin
  shift
  say "$name"
  printf '\n==> %s: %s\n' "$name" "$*" >>"$LOG"
  begin=$(wc -l <"$LOG")
  "$@" >>"$LOG" 2>&1 </dev/null &
  STATUS=0
  wait $! || STATUS=$?
  if ((STATUS == 0)); then
    RESULTS+=("$(printf '%-28s passed %6d s' "$name" $((SECONDS - began)))")
    return
  fi
  FAILED=1
  RESULTS+=("$(printf '%-28s FAILED %6d s' "$name" $((SECONDS - began)))")
  tail -n "+$((begin + 1))" "$LOG" | tail -n 30 | sed 's/^/    /'
}

# A step that the others stand on.
prepare() {
  run_step "$@"
  if ((STATUS != 0)); then
    print_results
    fail "$1 failed: the lines above and $LOG say why"
  fi
}

print_results() {
  {
    printf '\n%s, %s\n' "$TITLE" "$(date -u +%F)"
    printf '  %s\n' "${RESULTS[@]}"
  } | tee -a "$LOG"
}

# Whether a folder's stamp, written when it was whole, says what is wanted now.
is_whole() { [[ $(cat -- "$1/.whole" 2>/dev/null) == "$2" ]]; }

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# bench_latency: every window's rows come out whatever the workers and the size of a batch; bad options are refused.
set -u
latency=$(dirname "$1")/bench_latency
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
fail() {
  echo "FAIL: $*"
  failed=1
}

# 5 passes for the capacity and 3 under load; in each 20 windows of 5 batches, 7 keys in each.
for workers in 0 1 2; do
  "$latency" --rows 25600 --keys 7 --batch 256 --window 5 --passes 3 --workers $workers >"$work/out" || fail "$workers workers: code $?"
  grep -q '"rows": 204800, "result_rows": 1120,' "$work/out" || fail "$workers workers: rows were lost: $(cat "$work/out")"
  grep -q '"batch_done": {"count": 300, ' "$work/out" || fail "$workers workers: batches are missing: $(cat "$work/out")"
done
# A pass ends with a window.
"$latency" --rows 10 --keys 1 --batch 2 --window 3 --passes 1 >"$work/out" || fail "rounding: code $?"
grep -q '"rows": 72, "result_rows": 12,' "$work/out" || fail "rounding: $(cat "$work/out")"

for bad in "--rows 0" "--batch 3" "--batch 131072" "--load 1x" "--keys" "--dance 1" "--workers -1"; do
  # shellcheck disable=SC2086 # an option and its value
  "$latency" $bad >/dev/null 2>"$work/err" && fail "$bad was taken"
  grep -q '^usage:' "$work/err" || fail "$bad: $(cat "$work/err")"
done

# The table: a line a cell, none without its aims.
if command -v python3 >/dev/null; then
  python3 -B "$2/bench/latency.py" --latency "$latency" --rows 70000 --passes 1 --rounds 2 --json "$work/json" >"$work/out" || fail "latency.py: code $?"
  [ "$(grep -c 'p99 <= 1000 us: \(met\|missed\)' "$work/out")" -eq 18 ] || fail "latency.py: $(cat "$work/out")"
  [ "$(grep -c '"name": "latency/' "$work/json")" -eq 18 ] || fail "latency.py: $(cat "$work/json")"
fi
exit $failed

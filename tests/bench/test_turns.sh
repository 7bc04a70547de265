#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# bench_turns: the same totals whatever the workers and the clock, and every row counted.
set -u
turns=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
fail() {
  echo "FAIL: $*"
  failed=1
}

# Sums of doubles depend on the order of addition in their last digits: they are compared without them.
rounded() { sed 's/\([0-9]*\.[0-9]\{3\}\)[0-9]*/\1/g'; }

for key in none int64 dictionary; do
  rm -f "$work"/check.*
  for clock in at_end advance declared; do
    [ "$key/$clock" = dictionary/declared ] && continue
    printf 'rows\ncheck 0\ncheck 1\ncheck 2\nrun 2\n' | "$turns" --generate 120000,37,10 $key $clock >"$work/out" || fail "$key $clock: code $?"
    grep -q '^{"rows": 120000, "bytes_a_row": [0-9]*}$' "$work/out" || fail "$key $clock: rows"
    [ "$(grep -c '"n": 120000[,}]' "$work/out")" -eq 3 ] || fail "$key $clock: rows were lost: $(cat "$work/out")"
    sed -n 5p "$work/out" | grep -q '^{"wall_s": [0-9.]*, "cpu_s": [0-9.]*, "rows": [1-9][0-9]*}$' || fail "$key $clock: run: $(cat "$work/out")"
    sed -n 2,4p "$work/out" | rounded >>"$work/check.$key"
  done
  [ "$(sort -u "$work/check.$key" | wc -l)" -eq 1 ] || fail "$key: results differ: $(sort -u "$work/check.$key")"
done
groups=$(sed -n '1s/^{"rows": \([0-9]*\),.*/\1/p' "$work/check.dictionary")
[ "$groups" = 111 ] || fail "37 keys in 3 windows gave $groups rows"

printf 'roof 1 read\nroof 2 fused\nroof 2 direct\nsteady 5000\nsteady 5000\n' | "$turns" --generate 100000,37,1000 int64 at_end >"$work/out" || fail "roof: code $?"
[ "$(grep -c '^{"wall_s": [0-9.]*, "cpu_s": [0-9.]*}$' "$work/out")" -eq 5 ] || fail "roof: $(cat "$work/out")"

printf 'roof 1 session 10\nroof 2 session 10\nroof 2 session 1\n' | "$turns" --generate 100000,37,1000 int64 at_end >"$work/out" || fail "session: code $?"
[ "$(grep -c '^{"wall_s": [0-9.]*, "cpu_s": [0-9.]*}$' "$work/out")" -eq 3 ] || fail "session: $(cat "$work/out")"
printf 'roof 1 bare\nroof 2 bare\nroof 1 dense\n' | "$turns" --generate 100000,37,1000 dictionary at_end >"$work/out" || fail "bare: code $?"
[ "$(grep -c '^{"wall_s": [0-9.]*, "cpu_s": [0-9.]*}$' "$work/out")" -eq 3 ] || fail "bare: $(cat "$work/out")"
printf 'roof 1 session\nroof 1 session 0\nroof 1 session x\nroof 1 read 5\nroof 1 session 5 5\nroof 1 bare\nroof 1x read\n' | "$turns" --generate 1000,37,1000 int64 at_end >"$work/out" || fail "gaps: code $?"
[ "$(grep -c '^{"error": ' "$work/out")" -eq 7 ] || fail "gaps: $(cat "$work/out")"

# What a machine counts differs, but faults it always does.
printf 'count 0\ncount 2\n' | "$turns" --generate 100000,37,1000 int64 at_end >"$work/out" || fail "count: code $?"
[ "$(grep -c '^{"rows": 37, .*"page_faults": [0-9]*}$' "$work/out")" -eq 2 ] || fail "count: $(cat "$work/out")"

hop="SELECT window_start, k, MIN(v) AS low FROM TABLE(HOP(TABLE t, DESCRIPTOR(ts), INTERVAL '1' SECOND, INTERVAL '3' SECOND)) GROUP BY window_start, window_end, k"
printf 'check 0\n' | "$turns" --generate 120000,37,10 int64 advance "$hop" >"$work/out" || fail "SQL: code $?"
grep -q '^{"rows": 518, "hash": [0-9]*, "columns": {"window_start": [0-9]*, "k": [0-9]*, "low": \[[0-9.]*, [0-9.]*\]}}$' "$work/out" || fail "SQL: $(cat "$work/out")"

printf 'dance\nrun\nrun -1\nrun x\nroof 1\nroof 1 sky\nroof 1 dense\nsteady 1000\nrun 0\n' | "$turns" --generate 10,1,1 none at_end >"$work/out" || fail "errors: code $?"
[ "$(grep -c '^{"error": ' "$work/out")" -eq 8 ] || fail "errors: $(cat "$work/out")"
for bad in 0,1,1 1,0,1 1,1,0 1,1 1,1,1x 1,1,1, 1,1,1,1 -1,1,1 1,,1 1,1,1234567890; do
  "$turns" --generate $bad none at_end </dev/null 2>/dev/null && fail "--generate $bad was taken"
done
"$turns" --file "$work/none.arrow" ts,k,v at_end </dev/null 2>"$work/err" && fail "a missing file was taken"
grep -q none.arrow "$work/err" || fail "the message does not name the file: $(cat "$work/err")"
exit $failed

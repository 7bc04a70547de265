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
rounded() { sed 's/\(sums[a-z_]*": [0-9.]\{11\}\)[0-9]*/\1/g'; }

for key in none int64 dictionary; do
  rm -f "$work"/check.*
  for clock in at_end advance declared; do
    [ "$key/$clock" = dictionary/declared ] && continue
    printf 'rows\ncheck 0\ncheck 1\ncheck 2\nrun 2\n' | "$turns" --generate 120000,37,10 $key $clock >"$work/out" || fail "$key $clock: code $?"
    grep -q '^{"rows": 120000, "bytes_a_row": [0-9]*}$' "$work/out" || fail "$key $clock: rows"
    [ "$(grep -c '"counts": 120000[,}]' "$work/out")" -eq 4 ] || fail "$key $clock: rows were lost: $(cat "$work/out")"
    sed -n 2,4p "$work/out" | rounded >>"$work/check.$key"
  done
  [ "$(sort -u "$work/check.$key" | wc -l)" -eq 1 ] || fail "$key: results differ: $(sort -u "$work/check.$key")"
done
groups=$(sed -n '1s/^{"rows": \([0-9]*\),.*/\1/p' "$work/check.dictionary")
[ "$groups" = 111 ] || fail "37 keys in 3 windows gave $groups rows"

printf 'roof 1\nroof 2\n' | "$turns" --generate 100000,37,1000 int64 at_end >"$work/out" || fail "roof: code $?"
[ "$(grep -c '^{"read": {"wall_s": .*"fused": .*"direct": .*}}$' "$work/out")" -eq 2 ] || fail "roof: $(cat "$work/out")"

printf 'dance\nrun\nrun -1\nrun x\n' | "$turns" --generate 10,1,1 none at_end >"$work/out" || fail "errors: code $?"
[ "$(grep -c '^{"error": ' "$work/out")" -eq 4 ] || fail "errors: $(cat "$work/out")"
for bad in 0,1,1 1,0,1 1,1,0 1,1 1,1,1x; do
  "$turns" --generate $bad none at_end </dev/null 2>/dev/null && fail "--generate $bad was taken"
done
"$turns" --file "$work/none.arrow" int64 at_end </dev/null 2>"$work/err" && fail "a missing file was taken"
grep -q none.arrow "$work/err" || fail "the message does not name the file: $(cat "$work/err")"
exit $failed

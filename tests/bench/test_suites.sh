#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every suite on a handful of rows, which bench_generate makes the same each time: results, figures as JSON, and without
# WEIR_BENCH_PYTHON no peers.
set -u
turns=$1
source=$2
generate=$(dirname "$turns")/bench_generate
weir=$(dirname "$turns")/../weir # not there in builds without the program
command -v python3 >/dev/null || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
fail() {
  echo "FAIL: $*"
  failed=1
}

for name in ysb nexmark newcomers cluster grid road equipment groups shapes recorded 1brc; do
  "$generate" $name 70000 "$work/first" && "$generate" $name 70000 "$work/second" || fail "$name: code $?"
  cmp "$work/first" "$work/second" || fail "$name is not the same twice"
done
[ "$(wc -l <"$work/first")" -eq 70000 ] || fail "1brc has other than 70000 lines"
[ "$(cut -d';' -f1 "$work/first" | sort -u | wc -l)" -eq 413 ] || fail "1brc has other than 413 stations"
grep -qv '^[^;]*;-\{0,1\}[0-9]\{1,2\}\.[0-9]$' "$work/first" && fail "1brc: $(grep -v '^[^;]*;-\{0,1\}[0-9]\{1,2\}\.[0-9]$' "$work/first" | head -1)"
"$generate" ysbb 10 "$work/none" 2>"$work/err" && fail "rows that are not known were made"
grep -q "'ysbb'.*ysb, nexmark" "$work/err" || fail "the message names no suites: $(cat "$work/err")"

peers=
[ -n "${WEIR_BENCH_PYTHON:-}" ] && peers=clickhouse,polars,datafusion,acero,duckdb
suites="ysb nexmark lightsaber db-benchmark shapes"
[ -x "$weir" ] && suites="$suites 1brc input"
for suite in $suites; do
  python3 -B "$source/bench/compare.py" --turns "$turns" --generator "$generate" --weir "$weir" --data "$work" --python "${WEIR_BENCH_PYTHON:-python3}" \
    --peers "$peers" --suite $suite --rows 20000 --rounds 1 --json "$work/$suite.json" || fail "$suite: code $?"
done
python3 -B - "$work" "$source/bench" $suites <<'END' || fail "figures"
import json, sys
sys.path[:0] = [sys.argv[2], sys.argv[2] + "/suites"]
from queries import SUITES
for name in sys.argv[3:]:
    suite, results = SUITES[name], json.load(open(f"{sys.argv[1]}/{name}.json"))
    found = {result["work"] for result in results}
    able = [work for work in suite.works if work.name in found or "file" not in work.asked]  # a disk or Parquet may be missing
    assert name != "input" or {"arrow", "arrow_lz4", "arrow_zstd", "csv"} <= found, found
    wanted = [f"{name}/{work.name}/workers:{workers}" for work in able for workers in (0, 2)]
    assert [result["name"] for result in results] == wanted, results
    assert all(result["rows"] == 20000 and result["rows_per_s"] > 0 and "target" in result for result in results), results
END
exit $failed

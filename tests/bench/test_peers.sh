#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The peers that WEIR_BENCH_PYTHON (else python3) has give weir's results for a cell of each kind. Skipped without pyarrow and numpy.
set -u
turns=$1
source=$2
python=${WEIR_BENCH_PYTHON:-python3}
"$python" -c 'import numpy, pyarrow' 2>/dev/null || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# One that cannot be had is left out, and a line says so.
mkdir "$work/broken"
echo 'raise ImportError("no such engine")' | tee "$work/broken/chdb.py" >"$work/broken/polars.py"
PYTHONPATH="$work/broken" "$python" -B "$source/bench/peers.py" --list >"$work/list" 2>"$work/err" || exit 1
grep -q 'clickhouse is left out: no such engine' "$work/err" && grep -q acero "$work/list" && ! grep -q 'clickhouse\|polars' "$work/list" || {
  echo "FAIL: $(cat "$work/list" "$work/err")"
  exit 1
}

rows=30000
"$python" -B "$source/bench/generate.py" $rows "$work" 100 10000 || exit 1
"$python" -B "$source/bench/compare.py" --turns "$turns" --python "$python" --data "$work" --rows $rows --rounds 1 --workers 2 --only '^none|^dictionary_100|^int64_100$|^hop_60|^session_10K' --json "$work/json" || exit 1
"$python" -B - "$work/json" <<'END'
import json, sys
results = [result for result in json.load(open(sys.argv[1])) if "peers" in result]
assert results and all("acero" in result["peers"] for result in results if result["name"].startswith("tumble")), results
for result in results:
    assert (result["peer"] is None) == (not result["peers"]), result
    assert result["peer"] is None or result["ratio"] > 0 and result["peer_rows_per_s"] == max(result["peers"].values()), result
END

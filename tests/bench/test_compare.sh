#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# compare.py without peers, on rows that weir makes itself: a table, and figures as JSON.
set -u
turns=$1
source=$2
command -v python3 >/dev/null || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 "$source/bench/compare.py" --turns "$turns" --generate --rows 20000 --rounds 2 --only '100$|none' --json "$work/json" >"$work/out" || exit 1
cat "$work/out"
python3 - "$work/json" <<'END'
import json, sys
results = json.load(open(sys.argv[1]))
names = [result["name"] for result in results]
wanted = [f"tumble/{keys}/workers:{workers}" for keys in ("none", "dictionary_100", "int64_100") for workers in (0, 2)]
assert names == wanted, names
for result in results:
    assert result["rows"] == 20000 and result["rounds"] == 2 and result["rows_per_s"] > 0, result
    assert result["peer"] is None and result["ratio"] is None and result["roof_share"] > 0, result
    assert {"spread", "peer_rows_per_s", "roof", "target", "met"} <= result.keys(), result
END

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# compare.py without peers, on rows that weir makes itself: a table of every cell, and figures as JSON.
set -u
turns=$1
source=$2
command -v python3 >/dev/null || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -B "$source/bench/compare.py" --turns "$turns" --generate --rows 20000 --rounds 2 --json "$work/json" >"$work/out" || exit 1
cat "$work/out"
python3 -B - "$work/json" "$source/bench" <<'END'
import json, sys
sys.path.insert(0, sys.argv[2])
from works import CELLS, SCALING
results = json.load(open(sys.argv[1]))
names = [result["name"] for result in results]
cells = [f"{work.asked['window']['kind']}/{work.name}/workers:{workers}" for work in CELLS for workers in (0, 2)]
assert names == cells + [f"two_cores/{name}" for name in SCALING], names
fields = {"name", "workers", "rows_per_s", "spread", "peer", "peer_rows_per_s", "ratio", "roof", "roof_share", "target", "met"}
times = {work.name: work.times for work in CELLS}
for result in results:
    assert fields <= result.keys() and result["rows_per_s"] > 0, result
    assert result["rows"] == 20000 * times[result["work"]], result
for result in results[:len(cells)]:
    assert result["rounds"] == 2 and result["peer"] is None and result["ratio"] is None and result["roof_share"] > 0, result
    assert (result["limit"] == "bare") == (result["limit_share"] is not None) == (result["work"] in ("dictionary_100", "dictionary_1K")), result
    assert (result["roof"] == "session") == result["work"].startswith("session"), result
    assert (result["whole_share"] is not None) == (result["work"].startswith("hop") and result["workers"] == 0), result
END
[ $? -eq 0 ] || exit 1

# The drawings: each cell of 64-bit keys a point, each cell a bar, each cell with each number of cores a point, and XML that readers take.
python3 -B "$source/bench/plot.py" "$work/json" "$work/plots" >"$work/drawn" || exit 1
python3 -B - "$work/drawn" "$work/json" <<'END' || exit 1
import json, sys, xml.etree.ElementTree as tree
drawn = open(sys.argv[1]).read().split()
assert [name.rsplit("/")[-1] for name in drawn] == ["keys-0.svg", "keys-2.svg", "roofs.svg", "cores.svg"], drawn
count = lambda name, what: len(tree.parse(name).getroot().findall("{http://www.w3.org/2000/svg}" + what))
results = json.load(open(sys.argv[2]))
points = sum(result["name"].startswith("tumble/int64_") and result["workers"] == 2 for result in results)
bars = sum(result["roof_share"] is not None for result in results)
assert points > 3 and count(drawn[1], "circle") == points, drawn[1]
assert count(drawn[2], "rect") == bars + 1, drawn[2]
cells = [result for result in results if not result["name"].startswith("two_cores/")]
assert count(drawn[3], "circle") == len(cells) and count(drawn[3], "text") > len(cells) / 2, drawn[3]
END

# What differs in anything is no result to measure.
python3 -B - "$source/bench" <<'END'
import sys
sys.path.insert(0, sys.argv[1])
from compare import compare_totals
ours = {"rows": 3, "hash": 7, "columns": {"w": 5, "total": [1.5, 2.5]}}
compare_totals("same", ours, {"rows": 3, "hash": 7, "columns": {"w": 5, "total": [1.5 + 1e-12, 2.5]}})
others = ({"rows": 4}, {"hash": 8}, {"columns": {"w": 6, "total": [1.5, 2.5]}}, {"columns": {"w": 5, "total": [1.501, 2.5]}},
          {"columns": {"w": 5, "total": [1.5, 2.501]}}, {"columns": {"v": 5, "total": [1.5, 2.5]}})
for other in others:
    try:
        compare_totals("other", ours, {**ours, **other})
    except SystemExit as stop:
        assert "differ" in str(stop), stop
    else:
        raise AssertionError(f"{other} was taken for the same result")
END

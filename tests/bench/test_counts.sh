#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# bench/counts.py: instructions of every cell and query, each with its functions; none of what ran outside the execution.
set -u
turns=$1 source=$2
generate=$(dirname "$turns")/bench_generate
command -v python3 >/dev/null && command -v valgrind >/dev/null || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0
fail() {
  echo "FAIL: $*"
  failed=1
}

# A build with a sanitizer does not run below valgrind.
echo 'rows' | valgrind --quiet --tool=none "$turns" --generate 10,1,1 none at_end >"$work/out" 2>&1
grep -q '^{"rows": 10,' "$work/out" || exit 77

count() { python3 -B "$source/bench/counts.py" --turns "$turns" --generator "$generate" --data "$work" "$@" >"$work/out" || fail "$*: code $?"; }
count --rows 100000 --only 'none|int64_100$' --json "$work/cells.json"
count --rows 50000 --suite ysb --json "$work/ysb.json"
python3 -B - "$work" <<'END' || fail "figures"
import json, sys
cells, ysb = (json.load(open(f"{sys.argv[1]}/{name}.json")) for name in ("cells", "ysb"))
assert [one["name"] for one in cells + ysb] == ["tumble/none", "tumble/int64_100", "ysb/ysb"]
for one in cells + ysb:
    assert one["instructions_a_row"] > 1 and len(one["functions"]) == 4, one
    assert 0 < sum(one["functions"].values()) <= one["instructions_a_row"] * 1.001, one
    # Making the rows takes more than adding them up, and is not within.
    assert not any(name.startswith("weir_rows_") or name == "fill" for name in one["functions"]), one
END
exit $failed

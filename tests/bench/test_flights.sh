#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# flights.py over a day of made-up flights: every question is answered, its rows are those of the peers (where WEIR_BENCH_PYTHON has
# them) and of what stands in for Flink, and other rows are found out. Skipped without Parquet.
set -u
weir=$(dirname "$1")/../weir # not there in builds without the program
source=$2
command -v python3 >/dev/null && [ -x "$weir" ] || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PYTHONDONTWRITEBYTECODE=1
unset WEIR_FLINK
python3 - "$work/flights.csv" <<'END'
import sys
towns = ("AUS", "BOS", "DEN", "SEA")
with open(sys.argv[1], "w") as out:
    print("date,delay,distance,origin,destination", file=out)
    for i in range(9000):
        minute = i * 1440 * 3 // 9000
        delay = "" if i % 97 == 0 else i * 7 % 60 - 10
        print(f"2001-01-0{1 + minute // 1440} {minute // 60 % 24:02}:{minute % 60:02}:00,{delay},{i * 13 % 2500},{towns[i % 4]},{towns[i // 4 % 3]}", file=out)
END
"$weir" convert "$work/flights.csv" "$work/flights.parquet" 2>"$work/err" || {
  grep -q 'no Parquet' "$work/err" && exit 77
  cat "$work/err"
  exit 1
}
cat >"$work/flink" <<END
#!/bin/sh
"$weir" run -o csv "\$1" | eval "\${SPOIL:-cat}" | sed '1i ## 1' >"\$3" && echo '[1] 0.25 s wall, 0.30 s cpu'
END
chmod +x "$work/flink"
peers=
[ -n "${WEIR_BENCH_PYTHON:-}" ] && peers=duckdb,polars
flights() {
  python3 "$source/bench/flights.py" --file "$work/flights.parquet" --weir "$weir" --python "${WEIR_BENCH_PYTHON:-python3}" --peers "$peers" \
    --rounds 1 --json "$work/json" --flink "$work/flink" "$@"
}
flights || exit 1
python3 - "$work/json" <<'END' || exit 1
import json, sys
results = json.load(open(sys.argv[1]))
assert len(results) == 12 and len({result["name"] for result in results}) == 12, results
fields = {"name", "workers", "rows_per_s", "spread", "peer", "peer_rows_per_s", "ratio", "roof", "roof_share", "target", "met"}
for result in results:
    assert fields <= result.keys() and result["wall_s"] > 0 and result["flink_s"] > 0 and result["flink_steady_ratio"] > 0, result
    assert (result["ratio"] is None) == (result["peer"] is None), result
END
SPOIL="sed 's/,AUS,/,AUX,/'"
export SPOIL
flights --only day_origin --workers 0 2>"$work/err" && exit 1
grep -q 'results differ: weir .*, Flink' "$work/err"

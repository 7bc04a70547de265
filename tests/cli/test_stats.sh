#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# --stats-file: every row is in exactly one counter, with late rows, NULL times, gaps and filtered rows.
. "$(dirname "$0")/check.sh"
cat >stream.csv <<'END'
2024-01-01 00:00:10,a,1
2024-01-01 00:00:20,b,2
2024-01-01 00:00:50,a,3
2024-01-01 00:03:00,b,4
2024-01-01 00:00:30,a,5
,a,6
2024-01-01 00:03:10,drop,7
2024-01-01 00:03:20,a,8
END
table="CREATE TABLE s (ts TIMESTAMP(3), k STRING, v BIGINT, WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', 'path' = 'stream.csv', 'format' = 'csv', 'csv.null-literal' = '');"
grouped="GROUP BY window_start, window_end"
value() { sed -n "s/^  \"$1\": \([-0-9.]*\),\{0,1\}$/\1/p" stats.json; }
sum_holds() {
  is "rows_in of '$said'" "$(value rows_in)" \
    $(($(value filtered) + $(value null_time) + $(value future_dropped) + $(value unassigned) + $(value late) + $(value aggregated)))
}

for workers in 0 2; do
  run query --workers $workers --stats-file stats.json "$table SELECT window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) WHERE k <> 'drop' $grouped"
  code_is 0
  sum_holds
  is rows_in "$(value rows_in)" 8
  is filtered "$(value filtered)" 1
  is null_time "$(value null_time)" 1
  is late "$(value late)" 1
  is aggregated "$(value aggregated)" 5
  is windows_fired "$(value windows_fired)" 2
  is rows_out "$(value rows_out)" 2
  err_has "1 without a time"
  err_has "1 late"

  run query --workers $workers --stats-file stats.json "$table SELECT window_start, COUNT(*) AS n FROM TABLE(HOP(TABLE s, DESCRIPTOR(ts), INTERVAL '2' MINUTE, INTERVAL '30' SECOND)) $grouped"
  code_is 0
  sum_holds
  is unassigned "$(value unassigned)" 5
done

# The ways that rows took: few whole numbers have cells, and without workers one thread works all rows.
awk 'BEGIN { for (i = 0; i < 5000; i++) printf "2024-01-01 00:%02d:00,%d,%d\n", i / 100, i % 7, i }' >numbers.csv
numbers="CREATE TABLE s (ts TIMESTAMP(3), k INT, v BIGINT, WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', 'path' = 'numbers.csv', 'format' = 'csv');"
run query --workers 0 --stats --stats-file stats.json "$numbers SELECT window_start, k, COUNT(*), SUM(v) FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' HOUR)) $grouped, k"
code_is 0
is cell_rows "$(value cell_rows)" 5000
is caller_rows "$(value caller_rows)" 5000
is waited_rows "$(value waited_rows)" 0
err_has '^weir: cell_rows +5 000$'
grep -q waited_rows err && fail "a way that no row took is said"

# A summary in words, and the totals of several statements.
run query --stats --stats-file stats.json "SELECT COUNT(*) FROM 'stream.csv'; SELECT COUNT(*) FROM 'stream.csv'"
code_is 0
err_has '^weir: rows_in +16$'
is "rows_in of two statements" "$(value rows_in)" 16
is "statements" "$(grep -c '"kind": "select"' stats.json)" 2
grep -q '"status": "done"' stats.json || fail "status is not done"
run query --stats-file stats.json "SELECT CAST('x' || k AS INT) FROM 'stream.csv'"
[ "$code" -eq 1 ] && { grep -q '"status": "failed"' stats.json || fail "status is not failed"; }
finish

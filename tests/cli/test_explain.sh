#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# explain says what rows could do and runs nothing; with --analyze it runs every statement and says what they did.
. "$(dirname "$0")/check.sh"
events
hours="$(cat events.sql) $hourly"

run explain "$hours"
code_is 0
out_has '^accumulators: 32 bytes a key and slice: rows 8, NULLs of v 8, sum of v 16$'
out_has '^workers: each adds up'
grep -q '^run:' out && fail "something was run"

for workers in 0 2; do
  run explain --analyze --workers $workers "$hours"
  code_is 0
  err_empty
  out_has '^window: TUMBLE of 1 hour'
  out_has '^  in: 5 rows, [0-9.]+ (B|kB), 5 aggregated$'
  out_has '^  out: 4 rows, 2 windows fired, watermark'
  out_has '^  memory: .* at most, keys and windows '
  grep -q '2024-01-01 01:00:00,a' out && fail "a row of the result is printed"
done
out_has '^run: [0-9.]+ s(, [0-9 ]+ rows/s)?, 2 workers$'
run explain --analyze -w 0 "$hours"
out_has '^run: [0-9.]+ s(, [0-9 ]+ rows/s)?, one thread$'

# The way that rows took, and rows that were left out.
awk 'BEGIN { for (i = 0; i < 4000; i++) printf "2024-01-01 %02d:00:00,%d,%d\n", i / 1000, i % 7, i; print ",1,1"; print "2024-01-01 00:00:00,1,1" }' >numbers.csv
numbers="CREATE TABLE s (ts TIMESTAMP(3), k INT, v BIGINT, WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', 'path' = 'numbers.csv', 'format' = 'csv', 'csv.null-literal' = '');"
window="FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' HOUR))"
run explain --analyze -w 0 "$numbers SELECT window_start, k, COUNT(*), SUM(v) $window WHERE v <> 7 GROUP BY window_start, window_end, k"
code_is 0
out_has '^  in: 4 002 rows, .*, 1 dropped by the filter, 1 without a time \(NULL\), 1 late, 3 999 aggregated$'
out_has '^  ids: [34] [0-9]{3} rows by cells for packed values$'

# INSERT INTO writes; each statement has its own lines; what fails says so behind what was run before it.
run explain --analyze "$numbers INSERT INTO 'made.csv' SELECT k, COUNT(*) $window GROUP BY window_start, window_end, k; SELECT COUNT(*) FROM s"
code_is 0
[ -s made.csv ] || fail "nothing was written"
is "statements run" "$(grep -c '^run:' out)" 2
run explain --analyze "SELECT COUNT(*) FROM 'numbers.csv'; SELECT CAST('x' || f1 AS INT) FROM 'numbers.csv'"
code_is 1
is "statements run" "$(grep -c '^run:' out)" 1
err_has 'error'

# --analyze is explain's alone.
run query --analyze "SELECT 1"
code_is 2
err_has "analyze"
finish

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# INSERT INTO a table and INSERT INTO 'file': the same rows come back, under the names of the query.
. "$(dirname "$0")/check.sh"
printf 'a,1\nb,2\na,5\n' >in.csv
from="SELECT f0 AS k, SUM(f1) AS s FROM 'in.csv' GROUP BY f0"

for format in csv arrow; do
  run query "INSERT INTO 'sums.$format' $from"
  code_is 0
  out_empty
  run query "SELECT k, s FROM 'sums.$format' ORDER BY k"
  code_is 0
  out_is 'k,s
a,6
b,2'
done
run query "INSERT INTO 'sums.json' $from"
code_is 0
is "objects" "$(sort sums.json | tr '\n' ' ')" '{"k":"a","s":6} {"k":"b","s":2} '

run query "CREATE TABLE t (k STRING, s BIGINT) WITH ('connector' = 'filesystem', 'path' = 'table.csv', 'format' = 'csv');
  INSERT INTO t $from"
code_is 0
is "lines, no header as in Flink" "$(wc -l <table.csv)" 2

run query "CREATE TABLE short (k VARCHAR(3), s BIGINT) WITH ('connector' = 'filesystem', 'path' = 'short.csv', 'format' = 'csv');
  INSERT INTO short SELECT 'Beta', 1 FROM 'in.csv' LIMIT 1"
code_is 0
is "VARCHAR(3) cuts, as in Flink" "$(cat short.csv)" "Bet,1"

run query "INSERT INTO 'twice.csv' $from; INSERT INTO 'twice.csv' $from"
code_is 1
err_has "would replace"

# The late rows of one query would go with those of the next: each has a late table of its own.
printf '2024-01-01 00:00:10,1\n2024-01-01 00:05:00,2\n2024-01-01 00:00:20,3\n' >late.csv
late="CREATE TABLE s (ts TIMESTAMP(3), v BIGINT, WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', 'path' = 'late.csv', 'format' = 'csv');
  CREATE TABLE l1 (ts TIMESTAMP(3), v BIGINT) WITH ('connector' = 'filesystem', 'path' = 'l1.csv', 'format' = 'csv');
  CREATE TABLE l2 (ts TIMESTAMP(3), v BIGINT) WITH ('connector' = 'filesystem', 'path' = 'l2.csv', 'format' = 'csv');
  SET 'weir.late.policy' = 'side-output'; SET 'weir.late.table' = 'l1';"
minutes="SELECT window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end"
run query "$late $minutes; $minutes"
code_is 1
err_has "which the late rows of the next one would replace: a late table takes those of one query"
run query "$late $minutes; SET 'weir.late.table' = 'l2'; $minutes"
code_is 0
is "late rows of both" "$(cat l1.csv l2.csv)" "2024-01-01 00:00:20,3
2024-01-01 00:00:20,3"

run query "INSERT INTO 'sums.csv' (k) SELECT f0 FROM 'in.csv'"
fails "takes its columns from the query"
run query "INSERT INTO 'sums.xyz' $from"
fails "format"
run query "INSERT INTO nowhere $from"
fails "nowhere"
finish

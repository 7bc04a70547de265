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

run query "INSERT INTO 'sums.csv' (k) SELECT f0 FROM 'in.csv'"
fails "takes its columns from the query"
run query "INSERT INTO 'sums.xyz' $from"
fails "format"
run query "INSERT INTO nowhere $from"
fails "nowhere"
finish

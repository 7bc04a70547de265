#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# --memory: keys and accumulators beyond it are an error that names the bytes and the option, not a full machine.
. "$(dirname "$0")/check.sh"
awk 'BEGIN { for (i = 0; i < 20000; i++) print i "," i % 7 }' >keys.csv
query="SELECT f0, COUNT(*) AS n FROM 'keys.csv' GROUP BY f0 ORDER BY f0 LIMIT 1"

run query --memory 64K "$query"
fails "more than memory_max allows \(65536\)"
for size in 1G 1073741824; do
  run query --memory $size "$query"
  code_is 0
  out_is 'f0,n
0,1'
done
for size in 0 5X 9999999999T -1 ''; do
  run query --memory "$size" "$query"
  code_is 2
  out_empty
done
finish

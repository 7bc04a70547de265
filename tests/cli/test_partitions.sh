#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# 'scan.partition-by-file': each file of a table is a partition; the one with the smallest W goes on, row by row.
. "$(dirname "$0")/check.sh"
mkdir stream
# Each file is in order; read one after the other, the second is all late.
cat >stream/a.csv <<'END'
2024-01-01 00:00:10,1
2024-01-01 00:01:10,2
2024-01-01 00:02:10,4
2024-01-01 00:05:00,8
END
cat >stream/b.csv <<'END'
2024-01-01 00:00:20,16
2024-01-01 00:01:20,32
2024-01-01 00:00:40,64
2024-01-01 00:02:20,128
END
table() {
  echo "CREATE TABLE s (ts TIMESTAMP(3), v BIGINT, WATERMARK FOR ts AS ts) WITH ('connector' = 'filesystem', 'path' = 'stream', 'format' = 'csv'$1);"
}
select="SELECT window_start, COUNT(*) AS n, SUM(v) AS v FROM TABLE(TUMBLE(TABLE s, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) GROUP BY window_start, window_end"
value() { sed -n "s/^  \"$1\": \([-0-9.]*\),\{0,1\}$/\1/p" stats.json; }

for workers in 0 2; do
  for rows in 1 2 65536; do
    run query --workers $workers --batch-rows $rows --stats-file stats.json "$(table '') $select"
    code_is 0
    is "late, one after the other" "$(value late)" 4
    run query --workers $workers --batch-rows $rows --stats-file stats.json "$(table ", 'scan.partition-by-file' = 'true'") $select"
    code_is 0
    # W is that of the slower file. b's row at 00:00:40 comes when b has seen 00:01:20 and a 00:01:10, or more: late.
    is "late, by file" "$(value late)" 1
    is "rows_in, by file" "$(value rows_in)" 8
    out_is "window_start,n,v
2024-01-01 00:00:00,2,17
2024-01-01 00:01:00,2,34
2024-01-01 00:02:00,2,132
2024-01-01 00:05:00,1,8"
  done
done

run query "$(table ", 'scan.partition-by-file' = 'yes'") $select"
code_is 1
err_has "want true or false"
run query "$(table ", 'scan.partition-by-file' = 'true', 'source.monitor-interval' = '1 s'") $select"
code_is 1
err_has "watched"
finish

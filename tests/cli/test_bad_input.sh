#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Bad input: exit code 1, a message that says what and where, nothing printed as if it were a result.
. "$(dirname "$0")/check.sh"
events
declare_events() { # PATH FORMAT
  echo "CREATE TABLE t (ts TIMESTAMP(3), k STRING, v BIGINT) WITH ('connector' = 'filesystem', 'path' = '$1', 'format' = '$2', 'csv.header' = 'true');" |
    if [ "$2" = csv ]; then cat; else sed "s/, 'csv.header' = 'true'//"; fi
}

# files
run run no-such-script.sql
fails "no-such-script.sql.*no such file"
run query "SELECT * FROM 'no-such-file.csv'"
fails "no-such-file.csv"
mkdir empty
run query "SELECT * FROM 'empty'"
fails "empty"
run query "$(declare_events empty csv) SELECT * FROM t"
fails "empty"
run convert events.csv events.arrow
code_is 0
run query "$(declare_events events.arrow csv) SELECT SUM(v) FROM t"
fails "events.arrow"
run query "$(declare_events events.csv arrow) SELECT SUM(v) FROM t"
fails "events.csv"
printf 'not a file of any format \001\002' >strange.arrow
run query "SELECT * FROM 'strange.arrow'"
fails "strange.arrow"
size=$(wc -c <events.arrow)
for cut in 0 1 8 100 $((size / 2)) $((size - 1)); do
  head -c "$cut" events.arrow >cut.arrow
  run query "SELECT k, COUNT(*) FROM 'cut.arrow' GROUP BY k"
  fails "cut.arrow"
done
printf 'ts,k,v\n2024-01-01 00:00:00,a,1\n2024-01-01 00:00:01,"open' >open.csv
run query "$(declare_events open.csv csv) SELECT COUNT(*) AS n, MAX(k) AS k FROM t"
fails "open.csv"

# a field that is no number, with file and line
printf 'ts,k,v\n2024-01-01 00:00:00,a,1\n2024-01-01 00:00:01,b,two\n' >word.csv
run query "$(declare_events word.csv csv) SELECT SUM(v) FROM t"
fails "word.csv.*3|3.*word.csv"
err_has "two"

# the language
run query "SELECT vv FROM 'events.csv'"
fails "line 1.*vv"
run query "SELECT missing FROM nowhere"
fails "nowhere"
run query "SELEC 1"
fails "line 1, column 1"
run query "SELECT k + 1 FROM 'events.csv' WHERE k > 3 AND"
fails "line 1"
run query "$(cat events.sql) SELECT SUM(k) FROM events"
fails "SUM"
run query "SELECT k, SUM(v) FROM 'events.csv' GROUP BY GROUPING SETS ((k), ())"
fails "line 1"
run query "$(cat events.sql) SELECT COUNT(*) FROM TABLE(TUMBLE(TABLE events, DESCRIPTOR(ts), INTERVAL '1' MONTH)) GROUP BY window_start, window_end"
fails "MONTH"
run query "CREATE TABLE t (a INT) WITH ('connector' = 'filesystm', 'path' = 'x', 'format' = 'csv'); SELECT * FROM t"
fails "filesystem"
run query "CREATE TABLE t (a INT) WITH ('connector' = 'filesystem', 'pth' = 'x', 'format' = 'csv'); SELECT * FROM t"
fails "path"
: >nothing.sql
run run nothing.sql
fails "nothing.sql holds no statement"
printf 'SELECT\000 1' >zero.sql
run run zero.sql
fails "zero"

# a value that cannot be computed, after nothing was printed
printf 'v\n9223372036854775807\n1\n' >large.csv
run query "SELECT SUM(v) AS s FROM 'large.csv'"
fails "overflow|out of range|does not fit|exceeds"

# the same after more rows than are held back: it is said that the result is not whole
awk 'BEGIN { print "i"; for (i = 0; i < 200000; i++) print i; print "bad" }' >late.csv
bad_end="CREATE TABLE t (i INT) WITH ('connector' = 'filesystem', 'path' = 'late.csv', 'format' = 'csv', 'csv.header' = 'true');"
run query "$bad_end SELECT i FROM t"
code_is 1
err_has "late.csv.*200002"
err_has "the result is incomplete: up to [1-9]"
run query "$bad_end SELECT SUM(i) AS s FROM t"
fails "late.csv.*200002"
run query "$bad_end CREATE TABLE o (i INT) WITH ('connector' = 'filesystem', 'path' = 'o.csv', 'format' = 'csv'); INSERT INTO o SELECT i FROM t"
fails "late.csv.*200002"
[ ! -e o.csv ] || fail "a failed INSERT left a file"

# a NULL time: counted and left out, or an error on request
printf 'ts,k,v\n2024-01-01 00:00:00,a,1\n,a,2\n' >null.csv
null_query="$(declare_events null.csv csv | sed "s/'csv.header'/'csv.null-literal' = '', 'csv.header'/") SELECT window_start, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' HOUR)) GROUP BY window_start, window_end"
run query "$null_query"
code_is 0
out_is 'window_start,n
2024-01-01 00:00:00,1'
err_has "1 without a time"
run query --fail-on-null-time "$null_query"
fails "NULL"

# outputs that cannot take the rows
for format in csv ndjson arrow table; do
  said="$format into a full disk"
  code=0
  "$weir" query -o $format "SELECT k, v FROM 'events.csv'" >/dev/full 2>err || code=$?
  : >out
  fails "no space left"
  said="$format into a closed pipe"
  { sleep 0.2; "$weir" query -o $format "SELECT k, v FROM 'events.csv'" 2>err; echo $? >code; } | :
  code=$(cat code)
  code_is 1
  err_empty
done
run query "INSERT INTO 'no-such-folder/out.csv' SELECT k FROM 'events.csv'"
fails "no-such-folder"
run query --stats-file no-such-folder/stats.json "SELECT k FROM 'events.csv'"
fails "no-such-folder"
run query --stats-file /dev/full "SELECT k FROM 'events.csv'"
code_is 1
err_has "no space left"
finish

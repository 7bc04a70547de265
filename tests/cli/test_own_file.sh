#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Files that nobody declared, or declared a little wrong: what the program guesses, and what it says where it cannot.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/check.sh"

# texts above texts
printf 'name,city\nbob,berlin\n' >people.csv
run query "SELECT COUNT(*) AS n FROM 'people.csv'"
code_is 0
out_is "n
2"
err_has "people.csv': no header was found.*OPTIONS\('csv.header' = 'true'\)"
run query "SELECT city FROM 'people.csv' /*+ OPTIONS('csv.header' = 'true') */"
out_is "city
berlin"
err_empty
run query "SELECT COUNT(*) AS n FROM 'people.csv' /*+ OPTIONS('csv.header' = 'false') */"
err_empty
run inspect people.csv
code_is 0
err_has "no header was found.*--from csv.header=true"

# a header that was forgotten in a declared table
printf 'k,v\na,1\n' >forgotten.csv
table="CREATE TABLE t (k STRING, v BIGINT) WITH ('connector' = 'filesystem', 'path' = 'forgotten.csv', 'format' = 'csv'"
run query "$table); SELECT COUNT(*) AS n FROM t"
code_is 0
out_is "n
2"
err_has "note: line 1 of 'forgotten.csv' looks like a header.*'csv.header' = 'true'"
printf '\357\273\277"k",V\r\na,1\n' >forgotten.csv # a mark of bytes, quotes, capitals
run query "$table); SELECT COUNT(*) AS n FROM t"
err_has "note: line 1 of 'forgotten.csv' looks like a header"
printf 'k,v' >forgotten.csv
run query "$table); SELECT COUNT(*) AS n FROM t"
code_is 0
printf 'k,v\na,1\n' >forgotten.csv
for header in true false auto; do
  run query "$table, 'csv.header' = '$header'); SELECT COUNT(*) AS n FROM t"
  err_empty
done

# a live stream of which the header has gone by
printf 'a,1\nb,2\n' >rows.csv
run_in rows.csv query "CREATE TABLE t (k STRING, v BIGINT) WITH ('connector' = 'filesystem', 'path' = '-', 'format' = 'csv', 'csv.header' = 'true'); SELECT k FROM t"
fails "names no column of the table: it has 'a', '1', and the columns are 'k', 'v'"

# blank lines
printf 'k,v\n\na,1\n\n' >blank.csv
run query "SELECT * FROM 'blank.csv'"
code_is 0
out_is "k,v
a,1"
err_empty
run inspect blank.csv
code_is 0
out_has "rows: 1$"
# a quoted name has no WITH: options go behind it
printf 'a,1\nb\n' >short.csv
run query "SELECT * FROM 'short.csv'"
fails "1 field where 2 are expected.*OPTIONS\('csv.on-error' = 'skip'\).*--from csv.on-error=skip"
run query "SELECT * FROM 'short.csv' /*+ OPTIONS('csv.on-error' = 'skip') */"
code_is 0
out_is "f0,f1
a,1"
printf '\001\002' >strange
run query "SELECT * FROM 'strange'"
fails "OPTIONS\('format' = 'csv'\).*--from format=csv.*--to format=csv"

# numbers that are times
printf 'n,v\n1700000000000,1\n1700000001000,2\n' >epoch.csv
run query "SELECT window_start, COUNT(*) AS c FROM TABLE(TUMBLE(TABLE 'epoch.csv', DESCRIPTOR(n), INTERVAL '1' DAY)) GROUP BY window_start, window_end"
fails "is BIGINT; make it one: TO_TIMESTAMP_LTZ\(n, 3\)"
run query "SELECT window_start, COUNT(*) AS c FROM TABLE(TUMBLE((SELECT v, TO_TIMESTAMP_LTZ(n, 3) AS t FROM 'epoch.csv'), DESCRIPTOR(t), INTERVAL '1' DAY)) GROUP BY window_start, window_end"
code_is 0
out_is "window_start,c
2023-11-14 00:00:00,2"
# the CREATE TABLE of inspect reads the file as the quoted name does
declares() { # FILE TYPES
  run query "SELECT * FROM '$1'"
  code_is 0
  mv out wanted
  run inspect --sql "$1"
  code_is 0
  for type in $2; do out_has " $type,?$"; done
  run query "$(cat out) SELECT * FROM t"
  code_is 0
  cmp -s wanted out || fail "inspect --sql of $1 reads other rows"
}
printf 't,v\n2026-01-01T00:00:00Z,1\n2026-01-01T00:00:00.5+01:00,\n' >iso.csv
declares iso.csv "TIMESTAMP_LTZ\\(3\\) BIGINT"
printf 't;v\n2026-01-01T00:00;a\n2026-01-01T00:00:01;b\n' >semi.csv
declares semi.csv "TIMESTAMP\\(3\\) STRING"
printf 'id\t2020\n1\t5\n' >tab.csv
declares tab.csv "BIGINT BIGINT"
run convert --to csv.timestamp-format.standard=ISO-8601 semi.csv out.csv
fails "ISO-8601' is for reading"
declares epoch.csv "BIGINT BIGINT"
cp "$here/../connect/data/arrow/nested.arrow" . || fail "the fixture is missing"
run inspect --sql nested.arrow
code_is 0
out_has '^  -- not read yet: `list` ARRAY$'
run query "$(cat out) SELECT first, middle FROM t"
code_is 0
run inspect nested.arrow
out_has '^list +ARRAY'

# whoever reads the result may go
seq 1 300000 >many.csv
{ "$weir" query "SELECT * FROM 'many.csv'" 2>err; echo $? >code; } | head -1 >out
is "code of a closed pipe" "$(cat code)" 1
err_empty
finish

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The formats of results.
. "$(dirname "$0")/check.sh"
events
(cat events.sql; echo "$hourly") >hourly.sql

run run hourly.sql
code_is 0
out_is 'window_start,k,n,s
2024-01-01 00:00:00,a,2,4
2024-01-01 00:00:00,b,1,2
2024-01-01 01:00:00,a,1,5
2024-01-01 01:00:00,b,1,'
run_in hourly.sql run -
code_is 0
out_has '^2024-01-01 00:00:00,a,2,4$'

run run -o table hourly.sql
code_is 0
out_is 'window_start         k  n     s
-------------------  -  -  ----
2024-01-01 00:00:00  a  2     4
2024-01-01 00:00:00  b  1     2
2024-01-01 01:00:00  a  1     5
2024-01-01 01:00:00  b  1  NULL'

run run -o ndjson hourly.sql
code_is 0
is "lines of ndjson" "$(wc -l <out)" 4
out_has '^\{"window_start":"2024-01-01 00:00:00","k":"a","n":2,"s":4\}$'
out_has '^\{"window_start":"2024-01-01 01:00:00","k":"b","n":1,"s":null\}$'

run run -o arrow hourly.sql
code_is 0
mv out hourly.arrow
run query "SELECT k, SUM(n) AS n FROM 'hourly.arrow' GROUP BY k ORDER BY k"
code_is 0
out_is 'k,n
a,3
b,2'

# Two results, an empty line between them; Arrow has room for one.
printf "SELECT COUNT(*) AS n FROM events;\nSELECT MAX(v) AS m FROM events;\n" | cat events.sql - >two.sql
run run two.sql
code_is 0
out_is 'n
5

m
5'
run run -o arrow two.sql
code_is 1
err_has "second SELECT"

# No rows: the names alone.
(cat events.sql; echo "SELECT k, v FROM events WHERE v > 100;") >none.sql
for format in csv table ndjson; do
  run run -o $format none.sql
  code_is 0
  case $format in
    csv) out_is 'k,v' ;;
    table) out_has '^k  v$' ;;
    ndjson) out_empty ;;
  esac
done

# What comes from a file cannot drive the terminal.
printf 'name,v\n\033[31mred,1\n' >escape.csv
run query -o table "SELECT name FROM 'escape.csv'"
code_is 0
out_has '^\\x1b\[31mred$'

# A cell too wide for people is cut in a table, and whole elsewhere.
awk 'BEGIN { printf "name,v\n"; for (i = 0; i < 400; i++) printf "x"; print ",1" }' >wide.csv
run query -o table "SELECT name FROM 'wide.csv'"
code_is 0
out_has '^x{117}\.\.\.$'
run query "SELECT name FROM 'wide.csv'"
out_has '^x{400}$'

# More rows than are held back, and -D.
awk 'BEGIN { print "i"; for (i = 0; i < 200000; i++) print i }' >many.csv
run query -D file=many.csv "SELECT i FROM '\${file}'"
code_is 0
cmp -s out many.csv || fail "200 000 rows did not come back as they were"
run query "SELECT i FROM 'many.csv' LIMIT 100000"
is "LIMIT beyond a batch" "$(wc -l <out)" 100001
run query -o arrow "SELECT i FROM 'many.csv'"
mv out many.arrow
run query "SELECT COUNT(*) AS n, SUM(i) AS s FROM 'many.arrow'"
out_is 'n,s
200000,19999900000'
run query -D file=many.csv "SELECT i FROM '\${fil}'"
fails 'fil'
finish

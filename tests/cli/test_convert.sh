#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# convert: the same rows in every format that can be read back, and nothing half written.
. "$(dirname "$0")/check.sh"
events

run convert events.csv events.arrow
code_is 0
out_empty
err_has "5 rows"
run convert --header events.arrow back.csv
code_is 0
run query "SELECT * FROM 'back.csv'"
cp out first
run query "SELECT * FROM 'events.csv'"
cmp -s out first || fail "CSV to Arrow to CSV changed the rows"
run convert events.arrow plain.csv
code_is 0
is "lines without a header" "$(wc -l <plain.csv)" 5
run convert events.arrow events.ndjson
code_is 0
is "lines of ndjson" "$(wc -l <events.ndjson)" 5
run convert --to format=arrow events.csv other.data
code_is 0
run query "SELECT COUNT(*) AS n FROM 'other.data'"
out_is 'n
5'
run convert --stats-file stats.json events.csv events2.arrow
grep -q '"rows_in": 5' stats.json || fail "convert does not count its rows"

# standard output
run convert --to format=csv events.arrow -
code_is 0
cmp -s out plain.csv || fail "standard output is not the file"

run convert events.csv events.csv
code_is 1
err_has "one file"
is "events.csv" "$(wc -l <events.csv)" 6
run convert events.csv events.strange
code_is 1
err_has "strange|format"
run convert missing.csv out.arrow
code_is 1
err_has "missing.csv"
[ ! -e out.arrow ] || fail "a failed conversion left a file"
run convert --from csv.field-delimeter=, events.csv out.arrow
code_is 1
err_has "csv.field-delimiter"
run convert events.csv no-such-folder/out.arrow
code_is 1
err_has "no-such-folder"
size=$(wc -c <events.arrow)
head -c $((size - 20)) events.arrow >cut.arrow
run convert cut.arrow out.csv
code_is 1
[ ! -e out.csv ] || fail "a failed conversion left a file"

# inspect
run inspect events.arrow
code_is 0
out_has '^rows: 5$'
out_has '^ts +TIMESTAMP\([0-9]\) +2024-01-01 00:10:00 +2024-01-01 01:20:00 +0$'
out_has '^v +BIGINT'
run inspect --json events.csv
code_is 0
out_has '"rows": 5,'
out_has '"name": "k", "type": "STRING"'
printf '"a ""b"" \\ \303\244",d\n1,2024-02-03\n' >names.csv
run inspect --json names.csv
code_is 0
out_has '^    \{"name": "a \\"b\\" \\\\ ä", "type": "BIGINT"\},$'
out_has '"name": "d", "type": "DATE", "from": "2024-02-03", "to": "2024-02-03", "nulls": 0\}$'
run inspect --sql events.arrow
code_is 0
cp out table.sql
echo "SELECT COUNT(*) AS n FROM t;" >>table.sql
run run table.sql
code_is 0
out_is 'n
5'
run inspect missing.arrow
fails "missing.arrow"

# explain runs nothing and writes nothing
insert="CREATE TABLE made (k STRING) WITH ('connector' = 'filesystem', 'path' = 'made.csv', 'format' = 'csv'); INSERT INTO made SELECT k FROM 'events.csv'"
run explain "$insert"
code_is 0
[ -s out ] || fail "explain said nothing"
[ ! -e made.csv ] || fail "explain wrote a file"
run explain missing.sql
fails "missing.sql"
run query "$insert"
code_is 0
out_empty
is "lines of an INSERT" "$(wc -l <made.csv)" 5
finish

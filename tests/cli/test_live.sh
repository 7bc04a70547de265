#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Input that comes as time goes by: pipes and standard input. No check depends on how long something takes; a line
# that never comes ends the test after a minute.
. "$(dirname "$0")/check.sh"

# ask_line: the next line of descriptor 4, into `line`
ask_line() { line=$(timeout 60 sh -c 'IFS= read -r line; printf %s "$line"' <&4) || line="(nothing came)"; }
line_is() {
  ask_line
  [ "$line" = "$1" ] || fail "expected the line '$1' and got '$line'; stderr: $(cat err)"
}
# live ARGS...: weir in the background, its input on descriptor 3, its output on descriptor 4
live() {
  said="weir $*"
  rm -f in.fifo out.fifo
  mkfifo in.fifo out.fifo
  env --default-signal=INT "$weir" "$@" <in.fifo >out.fifo 2>err &
  job=$!
  exec 3>in.fifo 4<out.fifo
}
# until_true COMMAND...: repeats it until it succeeds, a minute at most
until_true() {
  tries=0
  until "$@" 2>/dev/null; do
    tries=$((tries + 1))
    [ $tries -lt 600 ] || break
    sleep 0.1
  done
  "$@" || fail "this did not come to hold: $*"
}
has_written() { [ -s "$(echo .weir-*.tmp)" ]; }
# written: waits until an INSERT has handed its first rows to the system
written() { until_true has_written; }
# end_live CODE: ends the input and waits
end_live() {
  exec 3>&-
  code=0
  wait $job || code=$?
  code_is "$1"
  exec 4<&-
}

# The same for one that was told to stop: its input stays open until it has gone, or the end of that could come first.
stopped_live() {
  code=0
  wait $job || code=$?
  code_is "$1"
  exec 3>&- 4<&-
}

cat >windows.sql <<'END'
CREATE TABLE t (ts TIMESTAMP(3), k STRING, v BIGINT, WATERMARK FOR ts AS ts)
WITH ('connector' = 'filesystem', 'path' = '-', 'format' = 'csv');
SELECT window_start, k, SUM(v) AS s FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '10' SECOND))
GROUP BY window_start, window_end, k;
END

# A window's result leaves as it closes, while the writer is silent; a line may come in pieces.
for workers in 0 2; do
  live run -w $workers windows.sql
  printf '2024-01-01 00:00:01,a,1\n2024-01-01 00:00:02,a,2\n2024-01-' >&3
  printf '01 00:00:1' >&3
  printf '1,a,4\n' >&3
  line_is "window_start,k,s"
  line_is "2024-01-01 00:00:00,a,3"
  printf '2024-01-01 00:00:25,a,8\n' >&3
  line_is "2024-01-01 00:00:10,a,4"
  end_live 0
done
"$weir" run windows.sql <<'END' >out 2>err
2024-01-01 00:00:01,a,1
2024-01-01 00:00:25,a,8
END
out_is 'window_start,k,s
2024-01-01 00:00:00,a,1
2024-01-01 00:00:20,a,8'

# Rows of a query without windows come out one by one, in every format.
live query -o ndjson "SELECT k, v FROM '-'"
printf 'k,v\na,1\n' >&3
line_is '{"k":"a","v":1}'
printf 'b,2\n' >&3
line_is '{"k":"b","v":2}'
end_live 0
live query -o table "SELECT k, v FROM '-'"
printf 'k,v\na,1\n' >&3
line_is 'k  v'
line_is '-  -'
line_is 'a  1'
end_live 0

# LIMIT ends the query before the input does.
live query "SELECT k FROM '-' LIMIT 1"
printf 'k,v\na,1\nb,2\n' >&3
line_is k
line_is a
said="LIMIT on a pipe"
code=0
wait $job || code=$?
code_is 0
exec 3>&- 4<&-

# A named pipe: the query begins before its writer does.
mkfifo named.csv
said="a named pipe"
"$weir" query "SELECT SUM(v) AS s FROM 'named.csv'" >out 2>err &
job=$!
printf 'k,v\na,1\nb,2\n' >named.csv
code=0
wait $job || code=$?
code_is 0
out_is 's
3'

# A writer that dies within a line: what it wrote of it is the last line.
cat >named.sql <<'END'
CREATE TABLE t (k STRING, v BIGINT) WITH ('connector' = 'filesystem', 'path' = 'named.csv', 'format' = 'csv');
SELECT k, v FROM t;
END
said="a writer that dies"
"$weir" run named.sql >out 2>err &
job=$!
{ sh -c 'exec 3>named.csv; printf "a,1\nb,23" >&3; kill -9 $$' || true; } 2>/dev/null
code=0
wait $job || code=$?
code_is 0
out_is 'k,v
a,1
b,23'
"$weir" run named.sql >out 2>err &
job=$!
printf 'a,1\nb' >named.csv
code=0
wait $job || code=$?
code_is 1
err_has "line 2, column 1: 1 field where 2 are expected"

# Empty input, and binary garbage.
run query "SELECT COUNT(*) AS n FROM '-'"
fails "'standard input' is empty"
: >nothing
run_in nothing run windows.sql
code_is 0
out_is 'window_start,k,s'
: | "$weir" run windows.sql >out 2>err || fail "an empty pipe is an empty table"
out_is 'window_start,k,s'
code=0
head -c 100000 "$weir" | "$weir" query "SELECT * FROM '-'" >out 2>err || code=$?
fails "neither the name nor the content of 'standard input' tells its format"
code=0
head -c 100000 "$weir" | "$weir" run windows.sql >out 2>err || code=$?
code_is 1
err_has "standard input"
awk 'BEGIN { printf "%c%c%c%c", 0, 1, 2, 3 }' >four
code=0
cat four | "$weir" query "SELECT * FROM '-'" >out 2>err || code=$?
fails "tells its format"

# Bad lines are counted and dropped by option.
sed "s/'csv')/'csv', 'csv.on-error' = 'skip')/" windows.sql >skip.sql
code=0
printf '2024-01-01 00:00:01,a,1\nnonsense\n\000\001\n2024-01-01 00:00:02,a,2\n' | "$weir" run --stats skip.sql >out 2>err || code=$?
code_is 0
out_has ',a,3$'
err_has '^weir: rejected +2$'

# A byte-order mark, also in pieces.
live query -o ndjson "SELECT k FROM '-'"
printf '\357' >&3
printf '\273\277k,v\na,1\n' >&3
line_is '{"k":"a"}'
end_live 0

# A regular file as standard input is a file like any other; also one that has been read in part.
printf 'k,v\nb,2\na,1\n' >file.csv
run_in file.csv query "SELECT k FROM '-' ORDER BY k"
code_is 0
out_is 'k
a
b'
run_in file.csv query "SELECT k FROM '/dev/stdin' ORDER BY k; SELECT v FROM '-'"
code_is 0
code=0
(
  read -r ignored
  "$weir" query "SELECT * FROM '-'"
) <file.csv >out 2>err || code=$?
code_is 0
is "a file read in part" "$(wc -l <out)" 3
run_in file.csv explain "SELECT k FROM '-'"
code_is 0

# Standard input gives its rows once, and not those that were the script.
code=0
cat file.csv | "$weir" query "SELECT COUNT(*) AS n FROM '-'; SELECT COUNT(*) AS n FROM '-'" >out 2>err || code=$?
code_is 1
err_has "'standard input' has been read by an earlier statement"
run_in windows.sql run -
fails "'standard input': it is not open for reading"

# A format that needs the end of its file first.
code=0
printf 'PAR1xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' | "$weir" query "SELECT * FROM '-'" >out 2>err || code=$?
fails "the format 'parquet' cannot be read from a pipe"

# Arrow streams: from one weir into the next, row by row.
run_in file.csv query -o arrow "SELECT k, v FROM '-'"
mv out rows.arrows
code=0
cat rows.arrows | "$weir" query "SELECT v, k FROM '-' ORDER BY k" >out 2>err || code=$?
code_is 0
out_is 'v,k
1,a
2,b'
cat rows.arrows rows.arrows | "$weir" query "SELECT v FROM '-'" >out 2>err && fail "two streams in one pipe were read"
err_has "bytes follow the end of the stream"
size=$(wc -c <rows.arrows)
at=0
while [ $at -lt $size ]; do
  code=0
  head -c $at rows.arrows | "$weir" query "SELECT v FROM '-'" >out 2>err || code=$?
  [ $code -le 1 ] || fail "an Arrow stream cut at byte $at"
  at=$((at + 61))
done
rm -f mid.fifo
mkfifo mid.fifo
"$weir" query -o arrow "SELECT k, v FROM '-'" <mid.fifo 2>err.first | "$weir" query -o ndjson "SELECT k, v FROM '-'" >out.ndjson 2>err &
job=$!
exec 3>mid.fifo
printf 'k,v\na,1\n' >&3
said="Arrow from weir to weir"
until_true grep -q '"a"' out.ndjson
printf 'b,2\n' >&3
exec 3>&-
wait $job || fail "the second weir failed"
is "rows through two weirs" "$(cat out.ndjson)" '{"k":"a","v":1}
{"k":"b","v":2}'

# convert and inspect read pipes, too.
cat file.csv | "$weir" convert - copy.arrow 2>err || fail "convert from a pipe"
run query "SELECT COUNT(*) AS n FROM 'copy.arrow'"
out_is 'n
2'
cat file.csv | "$weir" inspect - >out 2>err || fail "inspect of a pipe"
out_has 'k +STRING'

# Ctrl-C: no window fires, what had left stays, and the file of an INSERT is whole.
for name in INT TERM; do
  live run windows.sql
  printf '2024-01-01 00:00:01,a,1\n2024-01-01 00:00:11,a,2\n' >&3
  line_is "window_start,k,s"
  line_is "2024-01-01 00:00:00,a,1"
  kill -$name $job
  if [ $name = INT ]; then stopped_live 130; else stopped_live 143; fi
  err_has "stopped by .* after 2 rows in"
done
sed "s/^SELECT/INSERT INTO 'kept.csv' SELECT/" windows.sql >insert.sql
sed "s/^SELECT/INSERT INTO 'kept.arrow' SELECT/" windows.sql >insert_arrow.sql
for format in csv arrow; do
  script=insert.sql
  [ $format = csv ] || script=insert_arrow.sql
  live run --stats-file stats.json $script
  printf '2024-01-01 00:00:01,a,1\n2024-01-01 00:00:11,a,2\n' >&3
  written
  kill -INT $job
  stopped_live 130
  run query "SELECT s FROM 'kept.$format'"
  code_is 0
  out_is 's
1'
done
grep -q '"status": "interrupted"' stats.json || fail "the statistics do not say so"
# The same when the input fails.
rm -f kept.csv
live run insert.sql
printf '2024-01-01 00:00:01,a,1\n2024-01-01 00:00:11,a,2\n' >&3
written
printf 'nonsense\n' >&3
end_live 1
err_has "line 3"
[ "$(tail -n 1 kept.csv)" = "2024-01-01 00:00:00,a,1" ] || fail "what had left did not stay: $(cat kept.csv)"

# SIGUSR1 asks where the run stands; it goes on.
live run windows.sql
printf '2024-01-01 00:00:01,a,1\n2024-01-01 00:00:11,a,2\n' >&3
line_is "window_start,k,s"
line_is "2024-01-01 00:00:00,a,1"
kill -USR1 $job
until_true grep -q 'rows in' err
err_has "^weir: 2 rows in, 0 late, watermark 2024-01-01 00:00:11"
printf '2024-01-01 00:00:12,a,3\n' >&3
exec 3>&-
line_is "2024-01-01 00:00:10,a,5"
end_live 0
finish
